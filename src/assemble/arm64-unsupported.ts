/**
 * What is said of an AArch64 mnemonic that no instruction table takes: what an instruction that is out of scope is about, or
 * which supported one may have been meant.
 *
 * Source: the indexes of instructions of the Arm ARM (DDI 0487), C6.2, C7.2 and C8.2.
 */
import type { AsmInstruction } from '../syntax/asm-tree.js';
import { didYouMean } from '../text/suggest.js';
import type { ThreadBuilder } from './asm-thread.js';

/** Families of the vector extensions: floating point, Advanced SIMD, SVE and SME, cryptography. */
const VECTORS = new RegExp(
  `^(${[
    '(ld|st)([1-4](r?|r?q?s?[bhwdq]|r[oq][bhwd])|(ff1|nf1|nt1)s?[bhwd])',
    'f(ab[ds]|ac[gl][et]|add[apv]?|cadd|cc?mpe?|cm(eq|g[et]|l[aet]|ne|uo)|cpy|csel|cvt\\w*|divr?|dup|expa|jcvtzs|logb)',
    'f(m(ad|add|ax|in|l[as]|ov|op[as]|sb|sub|ul)\\w*|nm\\w+|neg|recp[esx]|rint\\w+|rsqrt[es]|scale|sqrt|subr?|tmad|tsmul|tssel)',
    '([su]|us|su|)(abal?|abdl?|adal|add[lw]|sub[lw]|ml[as]l|mull|qdml[as]l|qdmull|shll)(2|[bt]|bt|tb|[pv])?',
    '([su]|us)(r?h(add|subr?)|q?(r?sh[lr]{1,2}|shlu|xtun|abs|neg|add|subr?)|q?r?shru?n[2bt]?|q?xtu?n[2bt]?|qr?shrun[2bt]?|r?sra|qadd)',
    '([su]|us|su)(dot|clamp|dotp|m(ax|in)[pv]|mmla|mop[as]|mov|recpe|rsqrte|addv|divr|unpk(hi|lo)|xtl2?|cvtf|q(inc|dec)[bhdpw])',
    'sqr?d(ml[as]h|mulh|cmlah)|sq(rdcmlah|cadd)|(inc|dec)[bhdpw]|r?(add|sub)hn[2bt]?|sub?r|urecpe|ursqrte',
    'bf(cvtn?[2t]?|dot|ml[as]l[bt]|mmla|mop[as])|cm(eq|g[et]|h[is]|l[eost]|p(eq|g[et]|h[is]|l[eost]|ne)|tst)|[cf]?mla|cdot|cadd',
    '(asr|lsl|lsr)[dr]|(and|eor|orr|orn|nor|nand|bic|not|mov|sel|rdffr|brk([ab]|n|p[ab]))s?|(add|and|eor|or)v|eor3|eor(bt|tb)|bcax|nbsl',
    'b(if|it|sl[12n]*)|bdep|bext|bgrp|rax1|xar|cnot|cnt[bhdpw]|(adc|sbc)l[bt]|add(ha|va|pl|vl|spl|svl|p)|rd(s?vl)|compact|splice|insr|ext',
    'dup[mq]?|ins|movi|mvni|movprfx|mova|tb[lxq]|zip[12q]*|uzp[12q]*|trn[12]|rev(64|[bdhw])|pmull?[2bt]?|ml[as]|mad|msb|mul|index|last[ab]|clast[ab]',
    'ctermeq|cterme|ctermne|p(false|first|next|test|trues?|unpk(hi|lo)|sel|ext|mov)|ptrue|while\\w+|(n?match)|hist(cnt|seg)|(set|wr)ffr|prf[bdhw]',
    'aes(d|e|mc|imc)|sha(1|256|512)\\w+|sm[34]\\w+|smstart|smstop|zero|s[lr]i|xtn2?|shl|shrn2?|luti[24]|sqabs|[su]adalp|suqadd',
  ].join('|')})$`,
);

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
  ['system instructions', /^(sysl?p?|msrr|mrrs|clearbhb|chkfeat|dfb)$/],
  ['memory tagging', /^(irg|gmi|addg|subg|subps?|cmpp|ldgm?|stz?gm?|stz?2g|stgp|setg[pme]\w*)$/],
  ['memory copy and set', /^(cpyf?[pme]\w*|set[pme]\w*)$/],
  ['unprivileged accesses', /^(ldtr(|b|h|s[bhw])|sttr[bh]?)$/],
  ['flag manipulation', /^(cfinv|rmif|setf(8|16)|axflag|xaflag)$/],
  ['128-bit atomics', /^(swpp|ldclrp|ldsetp)(a|l|al)?$/],
  ['read-check-write atomics', /^rcws?(cas|casp|clr|clrp|set|setp|swp|swpp)(a|l|al)?$/],
  ['64-byte accesses', /^(ld64b|st64b(v0?)?)$/],
  ['pages of code', /^adrp$/],
  ['checksums', /^crc32c?[bhwx]$/],
  ['common short sequences (CSSC)', /^(abs|cnt|ctz|[su](max|min))$/],
  ['non-temporal loads, which an address dependency need not order', /^ldnp$/],
  ['vector instructions', VECTORS],
];

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
      ? `there is no instruction \`${mnemonic}\``
      : `unsupported: ${subject}: \`${mnemonic}\``;
  const hint = subject === undefined ? didYouMean(mnemonic, KNOWN) : null;
  builder.error(span, 'unsupported-instruction', message, hint);
}
