import { HttpError } from './errors.js';

/** Turns thrown errors into responses; unknown ones become a plain 500. */
export function catchErrors() {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (error instanceof HttpError) {
        ctx.send(error.status, error.toJSON());
      } else {
        ctx.send(500, { error: 'internal', message: error.message });
      }
    }
  };
}

/** Reports each request to `write`, numbered in order of arrival. */
export function accessLog(write) {
  let count = 0;
  return async (ctx, next) => {
    const number = String(++count).padStart(2, '0');
    await next();
    write(`#${number} ${ctx.method} ${ctx.path} ${ctx.status} ${ctx.state.user?.name ?? '-'}`);
  };
}

export function authenticate(users) {
  return (ctx, next) => {
    ctx.state.user = users.get(ctx.token);
    return next();
  };
}

export function requireRole(role) {
  return (ctx, next) => {
    const { user } = ctx.state;
    if (!user) {
      throw new HttpError(401, 'unauthorized', 'please sign in');
    }
    if (!user.roles.includes(role)) {
      throw new HttpError(403, 'forbidden', `${user.name} lacks the role ${role}`);
    }
    return next();
  };
}
