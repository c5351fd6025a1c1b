/** The documentation of the library as Markdown, from its declarations and their comments. Pure. */
import type { ApiItem, ApiModule } from './api-model.js';

/** A doc comment in parts. */
interface Comment {
  readonly summary: string;
  readonly parameters: readonly { readonly name: string; readonly text: string }[];
  readonly returns: string;
  readonly throws: string;
  readonly examples: readonly string[];
}

/** The text of a comment without its stars; links as code. */
function plain(comment: string): string {
  return comment
    .replace(/^\/\*\*\s?|\s*\*\/\s*$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replaceAll('*\\/', '*/')
    .replace(/\{@link (\w+)\}/g, (_, name: string) => `[${name}](#${name.toLowerCase()})`)
    .replace(/^@packageDocumentation$/m, '')
    .replace(/([^\n])\n```(\w+)$/gm, '$1\n\n```$2')
    .trim();
}

/** Blocks begin with their tag at the begin of a line, outside of examples' code. */
function readComment(comment: string): Comment {
  const [summary = '', ...blocks] = plain(comment).split(/^(?=@(?:param|returns|throws|example)\b)/m);
  const of = (tag: string): string[] =>
    blocks.filter((block) => block.startsWith(`@${tag}`)).map((block) => block.slice(tag.length + 1).trim());
  return {
    summary: summary.trim(),
    parameters: of('param').map((text) => {
      const [, name = '', what = ''] = /^(\w+)\s*-?\s*([\s\S]*)$/.exec(text) ?? [];
      return { name, text: what };
    }),
    returns: of('returns').join(' '),
    throws: of('throws').join('; '),
    examples: of('example'),
  };
}

function signature({ excerptTokens = [] }: ApiItem): string {
  const text = excerptTokens.map((token) => token.text).join('');
  return text
    .replace(/^export (declare )?/, '')
    .replace(/;$/, '')
    .trim();
}

/** A block of text as an item of a list: further lines stay in it. */
function listItem(text: string): string {
  return `- ${text.replaceAll('\n', '\n  ')}`;
}

function memberText(member: ApiItem): string {
  const code = signature(member)
    .replace(/^readonly /, '')
    .replace(/\s*\n\s*/g, ' ');
  const { summary, parameters } = readComment(member.docComment ?? '');
  const more = parameters.map(({ name, text }) => `\`${name}\`: ${text}`).join('; ');
  const words = [summary, more].filter((part) => part !== '').join(' ');
  return listItem(`\`${code}\`${words === '' ? '' : `: ${words}`}`);
}

function commentText(comment: Comment): string[] {
  const { parameters, returns, throws } = comment;
  const lines = [
    ...parameters.map(({ name, text }) => listItem(`\`${name}\`: ${text}`)),
    ...(returns === '' ? [] : [listItem(`returns ${returns}`)]),
    ...(throws === '' ? [] : [listItem(`throws ${throws}`)]),
  ];
  return [comment.summary, lines.join('\n'), ...comment.examples].filter((part) => part !== '');
}

function itemText(item: ApiItem): string {
  const comment = readComment(item.docComment ?? '');
  const members = (item.members ?? []).filter(({ kind }) => kind !== 'Constructor');
  const parts = [
    `### ${item.name}`,
    `\`\`\`ts\n${signature(item)}\n\`\`\``,
    ...commentText(comment),
    members.map(memberText).join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const groups: readonly { readonly title: string; readonly kinds: readonly string[] }[] = [
  { title: 'Functions', kinds: ['Function', 'Variable'] },
  { title: 'Types', kinds: ['Interface', 'TypeAlias', 'Class'] },
];

/** What a module shares with one before it stands there. */
function moduleText(module: ApiModule, known: ReadonlySet<string>): string {
  const items = module.items.filter(({ name }) => !known.has(name));
  const shared = module.items.filter(({ name }) => known.has(name)).map(({ name }) => name);
  const parts = groups.flatMap(({ title, kinds }) => {
    const own = items.filter(({ kind }) => kinds.includes(kind));
    return own.length === 0 ? [] : [`## ${title} of \`${module.name}\``, ...own.map(itemText)];
  });
  const also = shared.map((name) => `[${name}](#${name.toLowerCase()})`).join(', ');
  return [
    `# \`${module.name}\``,
    plain(module.docComment),
    ...(shared.length === 0 ? [] : [`It also exports, of the above, ${also}.`]),
    ...parts,
  ].join('\n\n');
}

/** The page of all modules. */
export function apiText(modules: readonly ApiModule[]): string {
  const known = new Set<string>();
  const texts = modules.map((module) => {
    const text = moduleText(module, known);
    for (const { name } of module.items) known.add(name);
    return text;
  });
  const head =
    'What programs can import of fencepost, from the comments in its code (`npm run docs`). The examples are run by a test.';
  return `${[head, ...texts].join('\n\n').replace(/[ \t]+$/gm, '')}\n`;
}
