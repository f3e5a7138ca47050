// A component is a function; what it remembers lives in `slots`, by the order of its calls.
let current = null;

export function mount(component, props = {}) {
  const instance = { component, props, slots: [], cursor: 0, dirty: true, effects: [], output: null };
  instance.flush = () => flush(instance);
  return instance;
}

export function flush(instance) {
  while (instance.dirty) {
    instance.dirty = false;
    instance.cursor = 0;
    const previous = current;
    current = instance;
    try {
      instance.output = instance.component(instance.props);
    } finally {
      current = previous;
    }
    const effects = instance.effects.splice(0);
    for (const { run, slot } of effects) {
      slot.cleanup?.();
      slot.cleanup = run();
    }
  }
  return instance.output;
}

const slot = (make) => {
  if (!current) throw new Error("slot: no component is being rendered");
  const { slots, cursor } = current;
  current.cursor += 1;
  return (slots[cursor] ??= make());
};

export const useState = (initial) => {
  const owner = current;
  const cell = slot(() => ({ value: typeof initial === "function" ? initial() : initial }));
  const setValue = (next) => {
    const value = typeof next === "function" ? next(cell.value) : next;
    if (!Object.is(value, cell.value)) {
      cell.value = value;
      owner.dirty = true;
    }
  };
  return [cell.value, setValue];
};

const same = (a, b) => a !== undefined && a.length === b.length && a.every((each, at) => Object.is(each, b[at]));

export function useMemo(compute, deps) {
  const memo = slot(() => ({}));
  if (!same(memo.deps, deps)) {
    memo.value = compute();
    memo.deps = deps;
  }
  return memo.value;
}

export function useEffect(run, deps) {
  const memo = slot(() => ({}));
  if (!same(memo.deps, deps)) {
    memo.deps = deps;
    current.effects.push({ run, slot: memo });
  }
}
