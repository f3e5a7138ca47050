export { SlugPlugin, WordCountPlugin } from './builtin';
export { tableOfContents as toc } from './builtin';
