import { ParseError } from './parser';
import { Pipeline, Result } from './pipeline';
import { SlugPlugin, WordCountPlugin, toc } from './plugins';
import { OutlineRenderer, TextRenderer } from './renderer';

const SOURCE = `# Harbor Notes

Boats leave at **first light** in early spring, as the
[tide table](https://harbor.example/tides) says. Ask for the _pilot_ at the office.

## Before you go

- Check the \`name\` and the size of the boat, and **update** the log that hangs in the shed
- Read the [rules](https://harbor.example/rules)
- See the [tides](https://harbor.example/tides) again

## Signals

1. One short: turning right
2. Two short: turning left

### Night

\`\`\`text
red    left
green  right
\`\`\`

## Signals

A lonely * star and a [broken link stay as they are.
`;

function report(title: string, { output, context }: Result): string {
  const counts = context.entries.map(([name, count]) => `  ${name}: ${count}`);
  const messages = context.messages.map((message) => `  warning ${message}`);
  return [`== ${title}`, output, ...counts, ...messages].join('\n');
}

function tryRun(pipeline: Pipeline, source: string): string {
  try {
    return pipeline.run(source).output;
  } catch (error) {
    if (error instanceof ParseError) return `error at ${error.line}: ${error.message}`;
    throw error;
  }
}

const full = new Pipeline(new TextRenderer({ width: 48 }))
  .use(new WordCountPlugin(), toc(), new SlugPlugin());
const outline = new Pipeline(new OutlineRenderer()).use(new SlugPlugin());
const bare = new Pipeline(new TextRenderer());

export const output = [
  report(full.describe(), full.run(SOURCE)),
  report(outline.describe(), outline.run(SOURCE)),
  `== ${bare.renderer.name} with ${bare.size} plugins`,
  tryRun(bare, 'Just _one_ line'),
  tryRun(bare, '# Open\n\n```js\nlet x;'),
].join('\n');
