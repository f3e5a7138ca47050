/** The files of a build, held in memory. */
export class Workspace {
  private readonly files: Map<string, string>;

  constructor(files: Record<string, string> = {}) {
    this.files = new Map(Object.entries(files));
  }

  get size(): number {
    return this.files.size;
  }

  write(path: string, content: string): void {
    this.files.set(path, content);
  }

  edit(path: string, change: (before: string) => string): void {
    this.write(path, change(this.files.get(path) ?? ""));
  }

  /** Yields path and content of the files that match, ordered by path. */
  *match(glob: string): IterableIterator<[path: string, content: string]> {
    const pattern = globToRegExp(glob);
    for (const path of [...this.files.keys()].sort()) {
      if (pattern.test(path)) yield [path, this.files.get(path)!];
    }
  }
}

/** Supports `*` within a path segment. */
function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, "[^/]*")}$`);
}
