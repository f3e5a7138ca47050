import { Matrix } from "./matrix";
import { Point, formatPoint, point } from "./point";

/** An axis-aligned box. The empty box contains nothing and is neutral in unions. */
export class Bounds {
  static readonly empty = new Bounds(point(Infinity, Infinity), point(-Infinity, -Infinity));

  private constructor(readonly min: Point, readonly max: Point) {}

  static of(points: Iterable<Point>): Bounds {
    let { min, max } = Bounds.empty;
    for (const { x, y } of points) {
      min = point(Math.min(min.x, x), Math.min(min.y, y));
      max = point(Math.max(max.x, x), Math.max(max.y, y));
    }
    return new Bounds(min, max);
  }

  get isEmpty(): boolean {
    return this.min.x > this.max.x;
  }

  *corners(): Generator<Point> {
    if (this.isEmpty) {
      return;
    }
    yield this.min;
    yield point(this.max.x, this.min.y);
    yield this.max;
    yield point(this.min.x, this.max.y);
  }

  union(other: Bounds): Bounds {
    return Bounds.of([...this.corners(), ...other.corners()]);
  }

  expand(margin: number): Bounds {
    const { min, max } = this;
    return new Bounds(point(min.x - margin, min.y - margin), point(max.x + margin, max.y + margin));
  }

  transform(matrix: Matrix): Bounds {
    return Bounds.of([...this.corners()].map((corner) => matrix.apply(corner)));
  }

  toString(): string {
    return this.isEmpty ? "(empty)" : `[${formatPoint(this.min)} .. ${formatPoint(this.max)}]`;
  }
}
