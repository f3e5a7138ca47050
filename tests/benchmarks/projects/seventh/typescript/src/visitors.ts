import { Group, SceneNode, Visitor } from "./node";
import { Point } from "./point";
import { Circle, Polygon, Rect, Shape } from "./shapes";

/** Finds the shapes under a point of the scene, the topmost first. */
export class HitTest implements Visitor<Shape[]> {
  constructor(private readonly target: Point) {}

  visitGroup(group: Group): Shape[] {
    return [...group].reverse().flatMap((child) => child.accept(this));
  }

  visitCircle(circle: Circle): Shape[] {
    return this.test(circle);
  }

  visitRect(rect: Rect): Shape[] {
    return this.test(rect);
  }

  visitPolygon(polygon: Polygon): Shape[] {
    return this.test(polygon);
  }

  private test(shape: Shape): Shape[] {
    const local = shape.worldTransform.inverse().apply(this.target);
    return shape.contains(local) ? [shape] : [];
  }
}

/** Draws the tree as indented text. */
export class Outline implements Visitor<string[]> {
  visitGroup(group: Group): string[] {
    const inner = [...group].flatMap((child) => child.accept(this));
    return [this.label(group, "group"), ...inner.map((line) => `  ${line}`)];
  }

  visitCircle(circle: Circle): string[] {
    return [this.label(circle, `circle r=${circle.radius}`)];
  }

  visitRect(rect: Rect): string[] {
    return [this.label(rect, `rect ${rect.width}x${rect.height}`)];
  }

  visitPolygon(polygon: Polygon): string[] {
    return [this.label(polygon, `polygon of ${polygon.points.length}`)];
  }

  private label(node: SceneNode, kind: string): string {
    return `${node.name}: ${kind} ${node.bounds()}`;
  }
}
