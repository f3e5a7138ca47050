import { compose } from "./tools/functions.js";

/** A store: `getState`, `dispatch`, `subscribe`. The word reducer is in this comment, too. */
export default function createStore(reducer, state, ...middleware) {
  const listeners = new Set();
  const getState = () => state;
  function subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
  let dispatch = (action) => {
    state = reducer(state, action);
    for (const listener of listeners) listener(state, action);
    return action;
  };
  const api = { getState, dispatch: (action) => dispatch(action) };
  dispatch = compose(...middleware.map((each) => each(api)))(dispatch);
  return { getState, subscribe, dispatch };
}

export function combineReducers(reducers) {
  const keys = Object.keys(reducers);
  return (state = {}, action) => {
    let changed = false;
    const next = {};
    for (const key of keys) {
      const reducer = reducers[key];
      next[key] = reducer(state[key], action);
      changed ||= next[key] !== state[key];
    }
    return changed ? next : state;
  };
}

export const actions = {
  add: (title, points = 1) => ({ type: "add", title, points }),
  move: (id, column) => ({ type: "move", id, column }),
  clear() {
    return { type: "clear" };
  },
};

export const logger = (lines) => (api) => (next) => (action) => {
  const before = api.getState();
  const result = next(action);
  lines.push(`${action.type}: ${before.cards.length} -> ${api.getState().cards.length}`);
  return result;
};
