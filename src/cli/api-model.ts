/**
 * The library's public types as data: the declarations that the compiler makes of it, read by API Extractor, which also says where the
 * public surface names something that it does not export.
 *
 * The shape of its .api.json is API Extractor's documented "doc model"; of it, what the documentation needs.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** A declaration, or a member of one. */
export interface ApiItem {
  readonly kind: string;
  readonly name: string;
  readonly docComment?: string;
  readonly excerptTokens?: readonly { readonly text: string }[];
  /** The file that declares it, of the members in their own order. */
  readonly fileUrlPath?: string;
  readonly members?: readonly ApiItem[];
}

/** What one module of the package exports. */
export interface ApiModule {
  /** `fencepost/matchers`. */
  readonly name: string;
  /** The head comment of its file. */
  readonly docComment: string;
  readonly items: readonly ApiItem[];
  /** Signatures alone: what changes with the public surface, and with nothing else. Null: it has none of its own. */
  readonly report: string | null;
  /** What is wrong: names that are used and not exported, comments that are not well-formed. */
  readonly problems: readonly string[];
}

/** Modules by what their declarations are called, in the order of the documentation. */
const modules = [
  { name: 'fencepost', source: 'index' },
  { name: 'fencepost/matchers', source: 'vitest/matchers' },
] as const;

/** It exports what `fencepost/matchers` does. */
const vitestModule = { name: 'fencepost/vitest', source: 'vitest/vitest' } as const;

const TSC = 'node_modules/typescript/bin/tsc';

/** Reads the modules of the project in the working directory. */
export async function readApi(): Promise<readonly ApiModule[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fencepost-api-'));
  try {
    const options = ['-p', 'tsconfig.build.json', '--outDir', folder];
    await promisify(execFile)(process.execPath, [TSC, ...options]);
    const found: ApiModule[] = [];
    for (const { name, source } of modules) {
      const module = await readModule(name, join(folder, `${source}.d.ts`), folder);
      found.push({ ...module, docComment: headComment(source) });
    }
    const { name, source } = vitestModule;
    return [...found, { name, docComment: headComment(source), items: [], report: null, problems: [] }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The compiler keeps it in declarations only where what follows is declared. */
function headComment(source: string): string {
  const text = readFileSync(resolve('src', `${source}.ts`), 'utf8');
  return /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? '';
}

/** Members are listed by name there; in the declaration they have an order. */
function inOwnOrder(item: ApiItem): ApiItem {
  const { members, fileUrlPath, name } = item;
  if (members === undefined || fileUrlPath === undefined) return item;
  const text = readFileSync(resolve(fileUrlPath), 'utf8');
  const start = Math.max(0, text.search(new RegExp(`\\b(?:interface|class) ${name}\\b`)));
  const place = (member: ApiItem): number =>
    text.slice(start).search(new RegExp(`^    (?:readonly )?${member.name}\\b`, 'm'));
  return { ...item, members: [...members].sort((a, b) => place(a) - place(b)) };
}

interface DocModel {
  readonly members: readonly [{ readonly members: readonly ApiItem[] }];
}

async function readModule(
  name: string,
  entry: string,
  folder: string,
): Promise<Omit<ApiModule, 'docComment'>> {
  const loaded = await import('@microsoft/api-extractor');
  // a CommonJS module, whose names Node sees or not
  const { Extractor, ExtractorConfig, ExtractorLogLevel } =
    'default' in loaded ? (loaded.default as typeof loaded) : loaded;
  const stem = name.replace('/', '-');
  const [docFile, reportFile] = [join(folder, `${stem}.api.json`), join(folder, `${stem}.api.md`)];
  const quiet = { default: { logLevel: ExtractorLogLevel.Warning } };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: resolve('api-extractor.json'),
    packageJsonFullPath: resolve('package.json'),
    configObject: {
      projectFolder: resolve('.'),
      mainEntryPointFilePath: entry,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            lib: ['ES2022'],
            module: 'ESNext',
            moduleResolution: 'bundler',
            types: [],
            strict: true,
            skipLibCheck: true,
          },
          files: [entry],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${stem}.api.md`,
        reportFolder: folder,
        reportTempFolder: join(folder, 'temporary'),
      },
      docModel: { enabled: true, apiJsonFilePath: docFile },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: quiet,
        extractorMessageReporting: quiet,
        tsdocMessageReporting: quiet,
      },
    },
  });
  const problems: string[] = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      message.handled = true;
      const { logLevel, messageId, text } = message;
      // all that is exported is public, a field may say by its name what it is, and the report's own file is new
      const isExpected = /^(ae-missing-release-tag|ae-undocumented|console-.*)$/.test(messageId);
      if ((logLevel === 'warning' || logLevel === 'error') && !isExpected)
        problems.push(`${name}: ${text} (${messageId})`);
    },
  });
  const { members } = JSON.parse(readFileSync(docFile, 'utf8')) as DocModel;
  for (const { name: item, docComment: comment = '' } of members[0].members)
    if (comment === '') problems.push(`${name}: nothing is said of ${item}`);
  return {
    name,
    items: members[0].members.map(inOwnOrder),
    // what is documented changes without the surface
    report: readFileSync(reportFile, 'utf8').replace(/^ *\/\/ \(undocumented\)\n| \(undocumented\)$/gm, ''),
    problems,
  };
}
