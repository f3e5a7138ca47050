mod macros;
mod scene;
mod shape;

use scene::{Command, ItemId, Scene, SceneError};
use shape::point;
use shape::{largest, Circle, Drawable, Poly, Shape, Square};

static GREETING: &str = "scene of shapes";
const LIMIT: usize = 3;

type Outcome<T> = std::result::Result<T, SceneError>;

fn commands(id: ItemId) -> Vec<Command> {
    let by = point::Point::new(1.0, 2.5);
    vec![
        Command::Move { id, by },
        Command::Rename { id, name: String::from("moved") },
        Command::Hide(id),
        Command::Move { by, id },
        Command::Hide(ItemId(9)),
        Command::Clear,
    ]
}

fn run(scene: &mut Scene, id: ItemId) -> Outcome<usize> {
    let mut last = 0;
    for command in commands(id).into_iter().take(LIMIT) {
        last = scene.apply(command)?;
    }
    Ok(last)
}

fn main() {
    println!("{GREETING}, at most {}", LIMIT);
    let mut scene = Scene::default();
    let square = scene.add("front", Square::new(2.0));
    let poly = Poly::builder().point(0.0, 0.0).point(3.0, 0.0).point(3.0, 4.0).label("triangle").build();
    println!("{}", poly.name());
    let triangle = scene.add("back", poly);
    println!("{:?}", run(&mut scene, square));
    print!("{}", scene.render());
    for command in commands(square).into_iter().skip(LIMIT) {
        match scene.apply(command) {
            Ok(count) => println!("{count} left"),
            Err(error) if error == SceneError::Missing(square) => println!("missing"),
            Err(error @ SceneError::Hidden { .. }) => println!("error: {error}"),
            Err(error) => println!("{}", error),
        }
    }
    if let Err(error) = scene.apply(Command::Move { id: square, by: shape::ORIGIN }) {
        println!("{error}, hidden {}", scene.hidden.len());
    }
    let names: Vec<_> = scene.iter().map(|(id, item)| (id.0, item.at.length())).collect();
    println!("{names:?} {:?}", triangle.next());
    let circles = [Circle::UNIT, Circle::UNIT.with_radius(2.0), Circle::centred(point::ORIGIN)];
    let widest = largest(&circles).map(Circle::describe).unwrap_or_default();
    println!("{widest}; {}; {}", Square::new(1.5).describe(), <Square as Shape>::SIDES + Circle::SIDES);
    let area = || circles[1].area();
    println!("{:.2} {} {}", shape::total(&[&area, &|| 1.0]), Square::new(1.0).unit(), circles[1].unit());
    println!("{}", point::Point::new(1, 2).map(|x| x * 10) + point::Point { x: 1, y: 1 });
}
