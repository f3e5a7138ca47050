import { Bounds } from "./bounds";
import { SceneNode, Visitor } from "./node";
import { Point, origin, point } from "./point";

export interface Style {
  fill?: string;
  stroke?: string;
  opacity?: number;
}

/** A node that is drawn and that can be hit. */
export abstract class Shape extends SceneNode {
  constructor(name: string, readonly style: Style = {}) {
    super(name);
  }

  /** Whether a point, in the shape's own coordinates, lies inside. */
  abstract contains(p: Point): boolean;
}

/** A circle around the origin. */
export class Circle extends Shape {
  constructor(name: string, readonly radius: number, style?: Style) {
    super(name, style);
  }

  accept<R>(visitor: Visitor<R>): R {
    return visitor.visitCircle(this);
  }

  localBounds(): Bounds {
    return Bounds.of([origin]).expand(this.radius);
  }

  contains({ x, y }: Point): boolean {
    return Math.hypot(x, y) <= this.radius;
  }
}

/** A rectangle with one corner in the origin. */
export class Rect extends Shape {
  constructor(name: string, readonly width: number, readonly height: number, style?: Style) {
    super(name, style);
  }

  accept<R>(visitor: Visitor<R>): R {
    return visitor.visitRect(this);
  }

  localBounds(): Bounds {
    return Bounds.of([origin, point(this.width, this.height)]);
  }

  contains({ x, y }: Point): boolean {
    return x >= 0 && x <= this.width && y >= 0 && y <= this.height;
  }
}

export class Polygon extends Shape {
  constructor(name: string, readonly points: readonly Point[], style?: Style) {
    super(name, style);
  }

  /** A polygon whose `count` corners lie evenly on a circle. */
  static regular(name: string, count: number, radius: number, style?: Style): Polygon {
    const angles = Array.from({ length: count }, (_, index) => (2 * Math.PI * index) / count);
    const corners = angles.map((t) => point(radius * Math.cos(t), radius * Math.sin(t)));
    return new Polygon(name, corners, style);
  }

  private get edges(): [Point, Point][] {
    return this.points.map((from, index, all) => [from, all[(index + 1) % all.length]]);
  }

  accept<R>(visitor: Visitor<R>): R {
    return visitor.visitPolygon(this);
  }

  localBounds(): Bounds {
    return Bounds.of(this.points);
  }

  contains({ x, y }: Point): boolean {
    const crossings = this.edges.filter(
      ([p, q]) => p.y > y !== q.y > y && x < p.x + ((y - p.y) / (q.y - p.y)) * (q.x - p.x),
    );
    return crossings.length % 2 === 1;
  }
}
