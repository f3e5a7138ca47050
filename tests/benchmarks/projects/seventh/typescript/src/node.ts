import { Bounds } from "./bounds";
import { Matrix } from "./matrix";
import type { Circle, Polygon, Rect } from "./shapes";

/** One method for each kind of node; `R` is what a visit answers. */
export interface Visitor<R> {
  visitGroup(group: Group): R;
  visitCircle(circle: Circle): R;
  visitRect(rect: Rect): R;
  visitPolygon(polygon: Polygon): R;
}

export abstract class SceneNode {
  transform = Matrix.identity;
  parent?: Group;

  constructor(readonly name: string) {}

  abstract accept<R>(visitor: Visitor<R>): R;

  /** The box around the node in its own coordinates. */
  abstract localBounds(): Bounds;

  get worldTransform(): Matrix {
    return this.parent ? this.parent.worldTransform.multiply(this.transform) : this.transform;
  }

  get path(): string {
    return this.parent ? `${this.parent.path}/${this.name}` : this.name;
  }

  bounds(): Bounds {
    return this.localBounds().transform(this.transform);
  }

  /** Applies the given transforms, one after the other, on top of the present one. */
  place(...steps: Matrix[]): this {
    this.transform = steps.reduce((sum, step) => step.multiply(sum), this.transform);
    return this;
  }
}

export class Group extends SceneNode implements Iterable<SceneNode> {
  private readonly children: SceneNode[] = [];

  add(...nodes: SceneNode[]): this {
    for (const node of nodes) {
      node.parent = this;
      this.children.push(node);
    }
    return this;
  }

  [Symbol.iterator](): Iterator<SceneNode> {
    return this.children[Symbol.iterator]();
  }

  accept<R>(visitor: Visitor<R>): R {
    return visitor.visitGroup(this);
  }

  localBounds(): Bounds {
    return this.children.reduce((box, child) => box.union(child.bounds()), Bounds.empty);
  }
}
