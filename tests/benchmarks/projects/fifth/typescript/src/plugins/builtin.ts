import { Block, Document, HeadingNode, Inline, inlinesOf, plainText } from '../ast';
import { Context, Plugin } from '../pipeline';

/** Base of the plugins that look at one block at a time; a block may be replaced or removed. */
abstract class BlockPlugin implements Plugin {
  abstract readonly name: string;

  transform(document: Document, context: Context): Document {
    const blocks = document.blocks.flatMap((block) => this.visit(block, context) ?? []);
    return { blocks };
  }

  protected abstract visit(block: Block, context: Context): Block | null;
}

/** Gives each heading an id made of its text. */
export class SlugPlugin extends BlockPlugin {
  readonly name = 'slug';
  readonly order = 1;

  static slug(value: string): string {
    return value.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  }

  protected visit(block: Block, context: Context): Block {
    if (block.type !== 'heading') return block;
    const id = SlugPlugin.slug(plainText(block.children));
    context.add(`slug ${id}`);
    const count = context.get(`slug ${id}`);
    if (count > 1) context.warn(this, `heading ${id} is repeated`);
    return { ...block, id: count > 1 ? `${id}-${count}` : id };
  }
}

export class WordCountPlugin extends BlockPlugin {
  readonly name = 'words';

  protected visit(block: Block, context: Context): Block {
    for (const nodes of inlinesOf(block)) {
      context.add('words', plainText(nodes).split(/\s+/).filter(Boolean).length);
    }
    return block;
  }
}

/** Puts a list of the headings below the title. */
export function tableOfContents(depth = 2): Plugin {
  return {
    name: 'toc',
    order: 20,
    transform({ blocks }) {
      const isEntry = (block: Block): block is HeadingNode =>
        block.type === 'heading' && block.level > 1 && block.level <= depth;
      const items = blocks.filter(isEntry).map(({ children, id = '' }): Inline[] => [
        { type: 'link', url: `#${id}`, children },
      ]);
      const [title, ...rest] = blocks;
      return { blocks: [title, { type: 'list', ordered: true, items }, ...rest] };
    },
  };
}
