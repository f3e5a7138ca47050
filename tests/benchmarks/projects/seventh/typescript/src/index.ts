import { Matrix } from "./matrix";
import { Group } from "./node";
import { Point, formatPoint, point } from "./point";
import { Circle, Polygon, Rect, Style } from "./shapes";
import { SvgWriter } from "./svg";
import { HitTest, Outline } from "./visitors";

const wood: Style = { fill: "brown", stroke: "black" };
const leaf: Style = { fill: "green", opacity: 0.8 };

function tree(name: string, height: number): Group {
  const trunk = new Rect("trunk", 10, height, wood).place(Matrix.translation(-5, -height));
  const crown = Polygon.regular("crown", 6, 20, leaf);
  return new Group(name).add(trunk, crown.place(Matrix.translation(0, -height - 10)));
}

function house(): Group {
  const corners = [point(-5, 0), point(25, -20), point(55, 0)];
  return new Group("house & home").add(
    new Rect("wall", 50, 40, { fill: "wheat" }),
    new Polygon("roof", corners, { fill: "brown" }),
    new Rect("door", 12, 20, wood).place(Matrix.translation(10, 20)),
    new Circle("window", 6).place(Matrix.translation(37, 18)),
  );
}

function buildScene(): Group {
  const sun = new Circle("sun", 10, { fill: "gold" });
  sun.place(Matrix.scaling(1.5), Matrix.translation(120, -70));
  const leaning = tree("leaning", 30).place(Matrix.rotation(30), Matrix.translation(80, 40));
  const far = tree("far", 30).place(Matrix.scaling(-0.5, 0.5), Matrix.translation(-30, 40));
  return new Group("scene").add(sun, house(), leaning, far, new Group("clouds"));
}

function describeHits(scene: Group, target: Point): string {
  const names = scene.accept(new HitTest(target)).map((shape) => shape.path);
  return `at ${formatPoint(target)}: ${names.join(", ") || "nothing"}`;
}

function section(title: string, lines: string[]): string[] {
  return [`== ${title} ==`, ...lines, ""];
}

function run(): string {
  const scene = buildScene();
  const targets = [point(15, 30), point(25, -5), point(120, -60), point(100, 5), point(37, 18)];
  const hits = [...targets, point(200, 200)].map((target) => describeHits(scene, target));
  return [
    ...section("Outline", scene.accept(new Outline())),
    ...section("Hits", hits),
    ...section("SVG", [new SvgWriter(5).write(scene)]),
  ].join("\n");
}

export const output = run();
