export * from "./types";
export { default as formatterOf, Escape } from "./formats";
export { PlainFormatter as Plain } from "./formats";
