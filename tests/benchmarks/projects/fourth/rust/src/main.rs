mod geometry;
mod scene;
mod shapes;

use geometry::{vec3, Hit, Ray, Vec3};
use scene::{Result, Scene, SceneError};
use shapes::{Cuboid, Disc, Sphere, Translated, Triangle};

const EYE: Vec3 = vec3(0.0, 2.0, -10.0);
const COLUMNS: i32 = 31;
const ROWS: i32 = 10;

fn build() -> Result<Scene> {
    let mut scene = Scene::default();
    scene.add("ball", Sphere::new(vec3(-3.0, 1.5, 0.0), 1.5))?;
    scene.add("moon", Translated::new(Sphere::unit(), vec3(4.0, 4.0, 3.0)))?;
    scene.add("crate", Cuboid::new(vec3(0.0, 0.0, -1.0), vec3(2.0, 2.0, 2.0)))?;
    scene.add("sail", Triangle::new(vec3(2.5, 0.0, 1.0), vec3(5.0, 0.0, 1.0), vec3(2.5, 3.0, 1.0)))?;
    scene.add("floor", Disc { center: Vec3::ZERO, normal: Vec3::UP, radius: 8.0 })?;
    scene.add("pebble", Sphere::new(vec3(1.0, 0.5, 2.5), 0.5))?;
    Ok(scene)
}

/// One character per ray: the first letter of what the ray hits.
fn render(scene: &Scene, eye: Vec3) -> Vec<String> {
    let pixel = |row: i32, column: i32| {
        let target = vec3(f64::from(column - COLUMNS / 2) * 0.35, f64::from(ROWS - row) * 0.6 - 0.5, 0.0);
        let hit = scene.cast(&Ray::towards(eye, target));
        hit.and_then(|(object, _)| object.name.chars().next()).unwrap_or('.')
    };
    (0..ROWS).map(|row| (0..COLUMNS).map(|column| pixel(row, column)).collect()).collect()
}

fn list(scene: &Scene) {
    for object in scene.iter() {
        let shape = &object.shape;
        let bounds = shape.bounds();
        let (area, volume, axis) = (shape.area(), shape.volume(), bounds.longest_axis());
        println!("{} {:<7}{:<9} area {area:>6.2} volume {volume:>5.2}", object.id, object.name, shape.kind());
        println!("   box {} to {}, center {}, along {}", bounds.min, bounds.max, shape.center(), axis.name());
    }
}

fn shoot(scene: &Scene) {
    let directions = [
        vec3(0.0, 0.0, 1.0),
        vec3(0.1, -0.1, 1.0),
        vec3(-0.3, -0.05, 1.0),
        vec3(0.25, -0.1, 1.0),
        vec3(0.3, 0.15, 1.0),
        vec3(0.0, -0.5, 1.0),
    ];
    for direction in directions {
        match scene.cast(&Ray::new(EYE, direction)) {
            Some((object, hit)) => {
                let Hit { distance, point, normal } = hit;
                let name = &object.name;
                println!("ray {direction} hits {name} after {distance:.3} at {point}, normal {normal}")
            }
            None => println!("ray {direction} hits nothing"),
        }
    }
}

fn run() -> Result<()> {
    let mut scene = build()?;
    list(&scene);
    shoot(&scene);
    render(&scene, EYE).iter().for_each(|line| println!("{line}"));
    for object in scene.iter() {
        println!("{} is {}", object.name, if scene.visible(EYE, object) { "visible" } else { "hidden" });
    }
    let (area, volume) = (scene.total(|shape| shape.area()), scene.total(|shape| shape.volume()));
    println!("area {area:.2}, volume {volume:.2}");
    println!("scene size {}", scene.bounds()?.size());

    if let Some(id) = scene.find("crate").map(|object| object.id) {
        let removed = scene.remove(id).map(|object| object.name).unwrap_or_default();
        println!("removed {removed}; now {} objects", scene.iter().count());
    }
    if let Some(pebble) = scene.find("pebble") {
        println!("pebble visible: {}", scene.visible(EYE, pebble));
    }
    if let Err(error) = scene.add("ball", Sphere::unit()) {
        println!("error: {error}");
    }
    println!("nothing: {}", Scene::default().bounds().err() == Some(SceneError::Empty));
    Scene::default().bounds().map(|_| ())
}

fn main() {
    if let Err(error) = run() {
        println!("stopped: {error}");
    }
}
