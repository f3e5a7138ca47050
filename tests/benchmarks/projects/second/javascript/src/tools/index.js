export * from "./functions.js";
export * as text from "./text.js";
export { title, Grid, Sheet as Page, default as WIDTH } from "./text.js";
