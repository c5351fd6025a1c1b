/**
 * Register names of the assembly dialects: the view that a name selects, and how it is written.
 *
 * Sources: Arm ARM (DDI 0487) B1.2 for W and X views; Intel SDM volume 1, 3.4.1 for x86's.
 */
import type { AsmDialect, RegisterOperand } from './asm-tree.js';

export type RegisterView = Pick<RegisterOperand, 'name' | 'bits' | 'high'>;

function arm64Register(text: string): RegisterView | null {
  const numbered = /^([wx])(\d|[12]\d|30)$/.exec(text);
  if (numbered !== null) return { name: `x${numbered[2]}`, bits: numbered[1] === 'w' ? 32 : 64, high: false };
  if (text === 'wzr' || text === 'xzr') return { name: 'xzr', bits: text === 'wzr' ? 32 : 64, high: false };
  if (text === 'wsp' || text === 'sp') return { name: 'sp', bits: text === 'wsp' ? 32 : 64, high: false };
  return text === 'lr' ? { name: 'x30', bits: 64, high: false } : null;
}

/** What is meant by a word that is formed like a register of AArch64 and is none; null: it is formed otherwise. */
export function strangeRegister(word: string): string | null {
  const [, letter, number] = /^([wxr])(\d+)$/i.exec(word) ?? [];
  if (letter === undefined) return null;
  if (Number(number) === 31) return 'register 31 is called `XZR` or `WZR`, and `SP`';
  if (letter.toLowerCase() !== 'r' || Number(number) > 30) return 'registers have the numbers 0 to 30';
  return `did you mean \`X${number}\`, or \`W${number}\` for its lower half?`;
}

const LETTERED = ['a', 'b', 'c', 'd'] as const;
const POINTERS = ['si', 'di', 'bp', 'sp'] as const;
const WIDTHS = { b: 8, w: 16, d: 32 } as const;

function x86Views(): ReadonlyMap<string, RegisterView> {
  const views = new Map<string, RegisterView>();
  const add = (text: string, name: string, bits: RegisterView['bits'], high = false) =>
    views.set(text, { name, bits, high });
  for (const letter of LETTERED) {
    const name = `r${letter}x`;
    add(name, name, 64);
    add(`e${letter}x`, name, 32);
    add(`${letter}x`, name, 16);
    add(`${letter}l`, name, 8);
    add(`${letter}h`, name, 8, true);
  }
  for (const pointer of POINTERS) {
    const name = `r${pointer}`;
    add(name, name, 64);
    add(`e${pointer}`, name, 32);
    add(pointer, name, 16);
    add(`${pointer}l`, name, 8);
  }
  for (let n = 8; n <= 15; n++) {
    add(`r${n}`, `r${n}`, 64);
    for (const [suffix, bits] of Object.entries(WIDTHS)) add(`r${n}${suffix}`, `r${n}`, bits);
  }
  return views;
}

const X86_VIEWS = x86Views();

/** The register that `text` (without `%`, in any case) names, or null. */
export function parseRegister(dialect: AsmDialect, text: string): RegisterView | null {
  const lower = text.toLowerCase();
  return dialect === 'AArch64' ? arm64Register(lower) : (X86_VIEWS.get(lower) ?? null);
}

function arm64Name({ name, bits }: RegisterView): string {
  if (bits === 64) return name.toUpperCase();
  return name === 'sp' ? 'WSP' : `W${name.slice(1).toUpperCase()}`;
}

function x86Name(view: RegisterView): string {
  for (const [text, other] of X86_VIEWS)
    if (other.name === view.name && other.bits === view.bits && other.high === view.high) return text;
  return view.name;
}

/** How an instruction names the register, without `%`: `W5`, `eax`. */
export function registerName(dialect: AsmDialect, view: RegisterView): string {
  return dialect === 'AArch64' ? arm64Name(view) : x86Name(view);
}

/** How a condition or a state line names the whole register: `X5`, `rax`, and `EAX` in 32-bit x86. */
export function finalName(dialect: AsmDialect, name: string): string {
  if (dialect === 'X86') return x86Name({ name, bits: 32, high: false }).toUpperCase();
  return dialect === 'AArch64' ? name.toUpperCase() : name;
}

const X86_ORDER = ['rax', 'rbx', 'rcx', 'rdx', 'rsi', 'rdi', 'rbp', 'rsp'];

/** The order of registers in state lines. */
export function registerRank(name: string): number {
  const named = X86_ORDER.indexOf(name);
  if (named >= 0) return named;
  const number = /\d+$/.exec(name);
  return number === null ? 100 : Number(number[0]);
}
