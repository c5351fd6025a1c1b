/**
 * What is said of an AArch64 mnemonic that no instruction table takes: what an instruction that is out of scope is about, or
 * which supported one may have been meant.
 *
 * Source: the indexes of instructions of the Arm ARM (DDI 0487), C6.2, C7.2 and C8.2.
 */
import type { AsmInstruction } from '../syntax/asm-tree.js';
import { didYouMean } from '../text/suggest.js';
import type { ThreadBuilder } from './asm-thread.js';

const SUBJECTS: readonly (readonly [subject: string, mnemonics: RegExp])[] = [
  ['exceptions', /^(udf|svc|hvc|smc|brk|hlt|eret(a[ab])?|dcps[123]|drps)$/],
  ['time', /^wf[ei]t$/],
  ['transactions', /^(tstart|tcommit|tcancel|ttest)$/],
  ['speculation barriers', /^(csdb|sb|p?ssbb)$/],
  ['error synchronisation', /^esb$/],
  ['profiling and tracing', /^(psb|tsb|trcit|brb)$/],
  ['guarded control stacks', /^gcs\w*$/],
  ['pointer authentication', /^(pac[a-z0-9]*|aut[a-z0-9]*|xpac(i|d|lri)|bl?ra[ab]z?|reta[ab]|ldra[ab])$/],
  ['page tables', /^(tlbip?|at)$/],
  ['instruction fetch', /^ic$/],
  ['cache maintenance', /^(dc|dvp|cfp|cpp|cosp|apas)$/],
  ['system instructions', /^(sysl?p?|msrr|mrrs)$/],
  ['memory tagging', /^(irg|gmi|addg|subg|subps?|cmpp|ldgm?|stz?gm?|stz?2g|stgp|setg[pme]\w*)$/],
  ['memory copy and set', /^(cpyf?[pme]\w*|set[pme]\w*)$/],
  [
    'vector instructions',
    /^((ld|st)([1-4]r?|[1-4][bhwdq]|[nf]f1[bhwd]|nt1[bhwd])|f(add|sub|mul|div|movx?|n?cmpe?|c?csel|cvt\w*|n?madd|n?msub|neg|abs|sqrt|max|min)|[us]cvtf|dup|ins|[us]mov|movi|mvni|tb[lx]|zip[12]|uzp[12]|trn[12]|add[vp]|cnt[bhwd]|ptrue|while\w+|smstart|smstop)$/,
  ],
];

/** Instructions that exist and are not supported for no reason of principle. */
const ABSENT = /^(ldnp|adrp|crc32\w*|cfinv|rmif|setf(8|16)|[xa]{2}flag|(abs|cnt|ctz|[su](max|min)))$/;

/** Mnemonics that a misspelt one is compared with. */
const KNOWN = (
  'ldr ldrb ldrh ldar ldapr ldxr ldaxr str strb strh stlr stxr stlxr dmb dsb isb b bl br blr ret cbz cbnz tbz tbnz nop adr ' +
  'mov movz movn movk mvn add adds sub subs cmp cmn neg negs adc adcs sbc sbcs ngc and ands tst orr orn eor eon bic bics ' +
  'mul mneg madd msub smull umull smaddl umaddl smulh umulh udiv sdiv lsl lsr asr ror sxtb sxth sxtw uxtb uxth uxtw ' +
  'ubfm sbfm bfm ubfx sbfx bfi bfc bfxil ubfiz sbfiz extr rbit rev rev16 rev32 clz cls csel csinc csinv csneg cset csetm cinc ' +
  'cinv cneg ccmp ccmn mrs msr hint yield wfe wfi sev sevl prfm cas casa casl casal swp swpa swpl swpal ldadd ldset ldclr ldeor ' +
  'stadd stset stclr steor'
).split(' ');

/** Reports an instruction that is not supported. */
export function refuseInstruction(builder: ThreadBuilder, { mnemonic, span }: AsmInstruction): void {
  const subject = SUBJECTS.find(([, mnemonics]) => mnemonics.test(mnemonic))?.[0];
  const message =
    subject === undefined
      ? `unsupported instruction \`${mnemonic}\``
      : `unsupported: ${subject}: \`${mnemonic}\``;
  const hint = subject === undefined && !ABSENT.test(mnemonic) ? didYouMean(mnemonic, KNOWN) : null;
  builder.error(span, 'unsupported-instruction', message, hint);
}
