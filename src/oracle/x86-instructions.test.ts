/**
 * What x86 instructions do to registers, memory and flags, as a processor does it: each row was measured on one (Intel Xeon), and is run
 * here on the store-buffer machine.
 *
 * Rows: two bytes whose addition sets the flags before | code, with x at %rsi | registers rax to rdx and x (with its width) before, in
 * hexadecimal, others are 0 | what differs afterwards | flags afterwards, `?` where the manual calls them undefined.
 */
import { describe, expect, it } from 'vitest';
import { assemble } from '../assemble/assemble.js';
import type { Program } from '../program/ir.js';
import { parseAssembly } from '../syntax/assembly.js';
import { renderDiagnostics } from '../text/render.js';
import { runTso } from './operational-tso.js';

const MEASURED = `
21+73 | addw %bx,%ax | a=80 b=80 | a=100 | ----p
1f+ab | addl %ebx,%eax | a=1f b=9af54acb00010000 | a=1001f | -----
3+80 | addl %ebx,%eax; incl %ecx; adcl $0,%edx | a=bc02283b000000ff b=ea1f42c300008000 c=81d8d43b00000002 d=c70133f64b442185 | a=80ff c=3 d=4b442185 | -----
ff+7d | addb $-1,%al | a=7 | a=6 | c---p
ff+ff | lock addl %ebx,(%rsi) | b=1db533f400000080 x32=1f | x32=9f | ----p
ff+3f | lock addq %rbx,(%rsi) | b=5053156e00000000 x64=adf8f02f67eb4cc | x64=5b32a470f67eb4cc | ----p
1f+ff | adcl %ebx,%eax | a=73d5e0b44217c19a b=ddcaf2f1ffffffff | a=4217c19a | c---p
ff+3d | adcw %bx,%ax | a=7fff b=a9e9664300007fff | a=ffff | --sop
0+1e | lock adcb %bl,(%rsi) | b=c596dd5a5e9c5e3e x8=ff | x8=3d | c----
ff+ff | lock adcl %ebx,(%rsi) | b=9f390f43de76b643 x32=21 | x32=de76b665 | --s-p
2+ff | subw %bx,%ax | a=7a9c5f240000ffff b=67ad3fb4f44feed1 | a=7a9c5f240000112e | ----p
ff+21 | subl %ebx,%eax | a=ffff b=ffff | a=0 | -z--p
6c+ff | lock subb %bl,(%rsi) | b=100000000 x8=80 | - | --s--
0+0 | lock subq %rbx,(%rsi) | b=7fff x64=6e254b1000000003 | x64=6e254b0fffff8004 | -----
15+1f | sbbw %ax,%ax | a=10000 | - | -z--p
0+20 | sbbl %eax,%eax | a=a91ea389ae0e629d | a=0 | -z--p
d6+0 | lock sbbq %rbx,(%rsi) | b=2eff055e7141aeed x64=e135ca8126fdba98 | x64=b236c522b5bc0bab | --s--
80+e4 | lock sbbw %bx,(%rsi) | b=3 x16=cefe | x16=cefa | --s-p
f7+3 | andq %rax,%rax | a=bcf551f69f3884a4 | - | --s--
1+1 | andb %bl,%al | a=2f190bc10000001f b=9b659a4a000000ff | - | -----
7f+ff | lock andq %rbx,(%rsi) | b=ffffffff x64=46655b1200000001 | x64=1 | -----
ab+ff | lock andw %bx,(%rsi) | b=8e4660a900000000 x16=8000 | x16=0 | -z--p
88+0 | orb %al,%al | a=c492a36800000100 | - | -z--p
3f+3 | orq %rbx,%rax | a=b223fbec7fffffff b=21d9780200000008 | a=b3fbfbee7fffffff | --s-p
80+ff | lock orw %bx,(%rsi) | b=9df323f51f8c8426 x16=40 | x16=8466 | --s-p
15+0 | lock orl %ebx,(%rsi) | b=9d9b8e1b80000000 x32=f49c7fa1 | - | --s--
58+ff | xorb %bl,%al | a=10000 b=10000 | - | -z--p
ff+0 | xorq %rbx,%rax | a=2 b=2 | a=0 | -z--p
ea+1 | lock xorb %bl,(%rsi) | b=d226b8bc5800bf8 x8=ab | x8=53 | ----p
e7+0 | lock xorq %rbx,(%rsi) | b=354f780ee866a92a x64=4ba9149effffffff | x64=7ee66c90179956d5 | -----
4d+ff | cmpl %ebx,%eax; decw %cx; cmovbel %edx,%eax | a=77d64c634710de8c b=384ec3fa00000021 c=3f30992e00008000 d=ffffffff | a=4710de8c c=3f30992e00007fff | ---op
8+20 | cmpq %rbx,%rax | a=1c1dee3280000000 b=ff | - | -----
3+1 | testq %rbx,%rax | a=3 b=1c315581302e7178 | - | -z--p
ff+1 | testb %bl,%al | a=ac2728b7ffffffff b=fffffffffffffffe | - | --s--
3+1 | movb %bl,%al | a=2fce9a110000007f b=da17cb6000000000 | a=2fce9a1100000000 | -----
6c+ff | movq (%rsi),%rax | a=6326e280000ffff x64=4a21deec67d869ea | a=4a21deec67d869ea | c----
7+21 | movl $-1,%eax | a=188b6bf300000007 | a=ffffffff | ----p
fa+ff | incb %al | a=2755683e6f56eaf3 | a=2755683e6f56eaf4 | c-s--
0+ff | incw %ax | a=7 | a=8 | -----
0+1 | decl %eax | a=1ad803307fffffff | a=7ffffffe | -----
ff+fe | decb %al | a=f94afbe900000080 | a=f94afbe90000007f | c--o-
ef+0 | negq %rax | a=e834ef1500000000 | a=17cb10eb00000000 | c---p
0+ef | negb %al | a=8 | a=f8 | c-s--
0+0 | notb %al | a=100000000 | a=1000000ff | -z--p
0+80 | notw %ax | a=1a708e9300000000 | a=1a708e930000ffff | --s--
0+ff | xchgl %ebx,(%rsi) | b=8 x32=3ab63dd1 | b=3ab63dd1 x32=8 | --s-p
56+0 | xchgw %bx,(%rsi) | b=80367c9a00000001 x16=21 | b=80367c9a00000021 x16=1 | ----p
0+ff | xchgq %rbx,%rbx | b=763f733000007fff | - | --s-p
3+8 | xchgw %bx,%ax | a=fffffffffffffffe b=3dcbd6e5ba8852f9 | a=ffffffffffff52f9 b=3dcbd6e5ba88fffe | -----
7+23 | xchgb %cl,%bl | b=40 c=12b241318a1d38c6 | b=c6 c=12b241318a1d3840 | -----
0+80 | xaddb %bl,(%rsi) | b=5b30d9260000003f x8=ff | b=5b30d926000000ff x8=3e | c----
a+ff | xaddq %rbx,(%rsi) | b=86a682ca4fecc882 x64=46e56f6b80000000 | b=46e56f6b80000000 x64=cd8bf235cfecc882 | --s-p
1f+20 | xaddw %ax,%bx | a=ff b=ffffffff | a=ffff b=ffff00fe | c----
11+d1 | xaddl %ecx,%ebx | b=7fffffffffffffff c=2ea547a100000007 | b=6 c=ffffffff | c---p
80+0 | lock xaddl %ebx,(%rsi) | b=714fe46f10100eaa x32=21 | b=21 x32=10100ecb | -----
0+90 | lock xaddb %bl,(%rsi) | b=f52f162a12ba0a98 x8=7 | b=f52f162a12ba0a07 x8=9f | --s-p
80+fe | xaddb %cl,%bl | b=2dbe768b0000ffff c=fcc43aa20000007f | b=2dbe768b0000ff7e c=fcc43aa2000000ff | c---p
7d+ff | cmpxchgq %rbx,(%rsi) | a=c996ee7700000080 b=c996ee7700000080 x64=65e32fd800000021 | a=65e32fd800000021 | ---op
54+ff | cmpxchgl %ebx,(%rsi) | a=7fff b=7fffffff x32=fffffffe | a=fffffffe | c----
20+ff | cmpxchgw %bx,%ax | a=7fffffffffffffff b=7fffffffffffffff | - | -z--p
36+1 | cmpxchgq %rcx,%rbx | a=7fffffff b=7fffffff c=abd87ed700000020 | b=abd87ed700000020 | -z--p
ff+9a | lock cmpxchgw %bx,(%rsi) | a=7915fbf00000100 b=7fffffff x16=1f | a=7915fbf0000001f | ----p
0+ff | lock cmpxchgl %ebx,(%rsi) | a=2ab62c0900000000 b=ff x32=1 | a=1 | c-s-p
7f+e1 | cmpxchgb %cl,%bl | b=bb99969c8bf01776 c=100000000 | a=76 | c-s--
0+3 | shll $33,%eax | - | - | -z--p
ff+73 | shlw $3,%ax | - | - | -z-?p
3f+0 | shlw %cl,%ax | a=80000000 c=fffffffffffffffe | - | ?z-?p
27+44 | shlb %cl,%al | a=ca299f8200000020 c=7a46b6de00000001 | a=ca299f8200000040 | -----
1+22 | shlb %cl,(%rsi) | c=2a23fb2e00000008 x8=0 | - | ?z-?p
8+0 | shrb $17,%al | a=9e94cec500000000 | - | ?z-?p
0+0 | shrl $17,%eax | a=bc8e50b0e78ed785 | a=73c7 | ---?-
3f+0 | shrb (%rsi) | x8=ff | x8=7f | c--o-
69+0 | shrl (%rsi) | x32=7f | x32=3f | c---p
0+0 | sarl $255,%eax | a=cf0e96294d77fbe1 | a=0 | cz-?p
80+8 | sarw $255,%ax | a=7f7ad9c63b6e201f | a=7f7ad9c63b6e0000 | -z-?p
ff+ff | sarb %cl,%bh | b=fffffffffffffffe | - | c-s--
0+c0 | sarq %cl,%rax | a=7fff c=8eac7f8f9df0a3e | a=0 | -z-?p
12+1f | sarb %cl,(%rsi) | c=602c55700000003 x8=20 | x8=4 | ---?-
f4+f9 | rolb $0,%al | a=20 | - | c-s-p
ff+d4 | roll $255,%eax | a=8c89c05d71c18642 | a=38e0c321 | c-s?-
2+7f | roll %cl,%eax | a=d9bdd6eb00000080 c=17c6040e00007fff | a=40 | --s?p
3f+0 | rolb %cl,%al | a=80000000 c=784db9a1e13f1174 | - | ---?p
ff+2 | rolb %cl,(%rsi) | c=b2658bc6fffffffe x8=8 | x8=2 | ---?-
21+0 | rorq $255,%rax | a=ad68769d00000000 | a=5ad0ed3a00000001 | ---?p
7+ff | rorw $17,%ax | a=236bd6fd00000000 | - | ---?p
ff+2 | rorl %cl,(%rsi) | c=24cf27cd0000007f x32=77890bc2 | x32=ef121784 | c--?-
21+7f | rorb (%rsi) | x8=16 | x8=b | --s-p
ff+0 | imull %eax | a=9094d35700000007 d=8000000000000000 | a=31 d=0 | -??-?
54+0 | imulb %bl | a=8 b=7 d=1 | a=38 | -??-?
a4+50 | mulq %rbx | a=51fca6bb0000ffff b=51fca6bb0000ffff d=feba7109ffffffff | a=a97cb28afffe0001 d=1a41dadb02bfb091 | c??o?
ff+ff | mulw %bx | a=ffffffff b=ffffffff d=9b78ebbd7fffffff | a=ffff0001 d=9b78ebbd7ffffffe | c??o?
0+ff | sbbw $-1,%ax | a=1d15069b00000003 | a=1d15069b00000004 | c----
fe+0 | andl $15,%ebx; btcw %bx,(%rsi) | b=7296bc2300000100 x16=100 | b=0 x16=101 | -z???
20+ff | andw $-1,(%rsi) | x16=ffff | - | --s-p
0+80 | cmpw (%rsi),%ax | a=f769e2900000007 x16=ffff | - | c----
20+ff | cmpl (%rsi),%eax | a=5abe47bf0000001f x32=1f | - | -z--p
de+68 | incw (%rsi) | x16=0 | x16=1 | c----
7+7 | decw (%rsi) | x16=fffe | x16=fffd | --s--
3f+ff | shrq %cl,%rax | a=ffffffffffffffff c=663061ab00010000 | - | c----
21+43 | shrw %cl,%ax | a=613714b700000007 c=9f4c64cb00000000 | - | -----
1f+8 | rorl %cl,%eax | a=bc820011fc1dbd49 c=98dc947b000000ff | a=f83b7a93 | c--?p
de+ff | rorq %cl,%rax | a=fffffffffffffffe c=2 | a=bfffffffffffffff | c-s?p
ff+0 | btl $17,%eax | a=a54e454300000000 | - | --???
90+6b | btq %rax,%rax | a=1dbade7d00000007 | - | --???
0+1f | btsq $5,%rax | a=3cc023080000007f | - | c-???
1+ff | btsl %eax,%eax | a=7 | a=87 | -z???
7+ff | lock btsl $3,(%rsi) | x32=0 | x32=8 | --???
ff+3 | lock btsq $3,(%rsi) | x64=e7609df600000002 | x64=e7609df60000000a | --???
0+2 | btrl $17,%eax | a=d9a64a3200000040 | a=40 | --???
40+80 | btrq %rbx,%rax | a=7fffffff b=d95d95e100007fff | - | --???
0+e2 | lock btrl $3,(%rsi) | x32=0 | - | --???
63+ff | lock btrq $3,(%rsi) | x64=464dc1ac0000007f | x64=464dc1ac00000077 | c-???
7+40 | btcl $17,%eax | a=23c2b45d7fffffff | a=7ffdffff | c-???
21+e4 | btcl %eax,%eax | a=80000000 | a=80000001 | --???
0+0 | lock btcl $3,(%rsi) | x32=21 | x32=29 | -z???
40+17 | lock btcw $3,(%rsi) | x16=0 | x16=8 | --???
0+8 | imulq (%rsi) | a=ffffffffffffffff d=12f4372900000007 x64=21 | a=ffffffffffffffdf d=ffffffffffffffff | -??-?
e3+1f | imulw $300,(%rsi),%ax | a=8020be73ffffffff d=ffff x16=0 | a=8020be73ffff0000 | -??-?
ff+20 | imulw $3,%ax | a=5d314188000000ff d=36ff78f500000021 | a=5d314188000002fd | -??-?
ff+48 | imull $-7,%ebx,%eax | a=cee239f00000001f b=4418ea57c2421240 d=e8a7b39d00000000 | a=b0318040 | c??o?
ff+ff | leaw (,%rcx,8),%ax | a=c51469eb00000007 c=62b0f1fc87b585b0 | a=c51469eb00002d80 | c-s--
40+40 | leaq 4(%rbx,%rcx,4),%rax | a=1f b=beef015800000040 c=f0a092a572c5367c | a=81714bedcb14da34 | --so-
b5+40 | adcq $1,%rax | a=3456b9b000000021 | a=3456b9b000000022 | ----p
8f+ff | adcl $1,%eax | a=2589342700000008 | a=a | ----p
fd+7 | xorl $-1,(%rsi) | x32=7 | x32=fffffff8 | --s--
ff+ff | lock incl (%rsi) | x32=208c2cf2 | x32=208c2cf3 | c---p
3+61 | lock incq (%rsi) | a=659d5855ffffffff x64=3aaec2ab00008000 | x64=3aaec2ab00008001 | -----
3+1 | lock decq (%rsi) | a=9d8b6aaf00000002 x64=9d8b6aaf00000002 | x64=9d8b6aaf00000001 | --s--
1f+3 | lock decl (%rsi) | x32=20 | x32=1f | -----
11+40 | lock negq (%rsi) | x64=19548246d387ed1b | x64=e6ab7db92c7812e5 | c-s--
0+40 | lock negl (%rsi) | x32=d247e5a | x32=f2db81a6 | c-s-p
8+bc | lock notl (%rsi) | x32=40 | x32=ffffffbf | --s--
20+0 | lock notq (%rsi) | x64=b27f67600000002 | x64=f4d80989fffffffd | -----
68+8 | btl $5,(%rsi) | x32=ffff | - | c-???
73+ff | mulq (%rsi) | a=3a4d1bf90000003f d=fffffffffffffffe x64=3a4d1bf90000003f | a=b1f3c48e00000f81 d=d4707e6aad8784d | c??o?
20+0 | movzbl %bl,%eax | a=21 b=21 | - | -----
40+ff | movsbw %bl,%ax | a=c33a1c7c61dc2035 b=5ac3e87200010000 | a=c33a1c7c61dc0000 | c---p
ff+9 | movzbq (%rsi),%rax | a=7f x8=ff | a=ff | c----
6d+ff | movsbl (%rsi),%eax | a=beffa045c4d37239 x8=39 | a=39 | c---p
7+d4 | movzwq %bx,%rax | a=f4e8d02200000000 b=f4e8d02200000000 | a=0 | --s-p
2+c3 | movzwq (%rsi),%rax | a=6f06aad00000000 x16=21 | a=21 | --s-p
28+7 | movswq %bx,%rax | a=2eabbc5500000080 b=3cb3099effffffff | a=ffffffffffffffff | -----
8+ff | movswq (%rsi),%rax | a=ced43de310fee7e8 x16=100 | a=100 | c----
2c+ff | movslq %ebx,%rax | a=b1fd570300000000 b=2f1cbea200010000 | a=10000 | c---p
0+20 | movslq (%rsi),%rax | a=e1f01b6dfffffffe x32=7 | a=7 | -----
0+ff | cbtw | a=b04bb20a88ad2ef7 | a=b04bb20a88adfff7 | --s-p
ff+ff | cwtl | a=9605fd0a00000020 d=9eaf7353fffffffe | a=20 | c-s--
ff+ff | cltq | a=bea41a5f0000001f d=86e6dee100000100 | a=1f | c-s--
b5+ff | cwtd | a=f768318200000003 d=ce13a41700000007 | d=ce13a41700000000 | c-s-p
ff+0 | cltd | a=a37c0c30e0fbd452 d=f859a120000000ff | d=ffffffff | --s-p
a4+db | cqto | a=5918b0e7fb0cd65f d=abe7c500148009b8 | d=0 | c--o-
8+ff | seto %al | a=3f | a=0 | c----
ff+3f | cmovo %rbx,%rax | a=75bef2d147754045 b=d25b2bc600000003 | - | c----
20+59 | cmovow (%rsi),%ax | a=ea21cc19f6756e48 x16=82e | - | -----
8+0 | cmovol (%rsi),%eax | a=fffffffffffffffe x32=21 | a=fffffffe | -----
fe+0 | cmovoq (%rsi),%rax | a=7fffffffffffffff x64=b8af0e05ffffffff | - | --s--
11+80 | setb %ah | a=b482df53ffffffff | a=b482df53ffff00ff | --s--
ff+ff | cmovc %rbx,%rax | a=fffffffffffffffe b=fffffffffffffffe | - | c-s--
0+fe | cmovcw (%rsi),%ax | a=556bf42cc15a8e83 x16=ffff | - | --s--
ff+c | cmovcl (%rsi),%eax | a=56cd041300000001 x32=1 | a=1 | c----
c3+1 | cmovcq (%rsi),%rax | x64=ff | - | --s--
4d+b6 | setae %al | a=20 | a=0 | c---p
ff+3 | cmovnc %ebx,%eax | a=22cf0ac20000001f b=7f | a=1f | c----
20+5f | cmovncw (%rsi),%ax | a=57d170ea00000001 x16=4036 | a=57d170ea00004036 | -----
fe+ff | cmovncl (%rsi),%eax | a=3da5152a000000ff x32=ff | a=ff | c-s--
7a+ff | cmovncq (%rsi),%rax | a=6a5cdb9900000001 x64=7fffffffffffffff | - | c----
8+7f | cmove %rbx,%rax | a=3aad51b3e7d600c2 b=3aad51b3e7d600c2 | - | --sop
40+0 | cmovew (%rsi),%ax | a=10000 x16=0 | - | -----
8+2 | cmovel (%rsi),%eax | a=913f2703d794173e x32=80 | a=d794173e | ----p
7+0 | cmoveq (%rsi),%rax | a=ffffffffffffffff x64=e7097157893e4acf | - | -----
83+3 | setz %al | a=5ecbba1653fc5acd | a=5ecbba1653fc5a00 | --s--
40+0 | setbe %ah | a=100000000 | - | -----
7f+21 | cmovna %ebx,%eax | a=b9a510fb3f7f0588 b=c1a8504eb4cb7670 | a=3f7f0588 | --sop
20+16 | cmovnaw (%rsi),%ax | a=abe9235bffffffff x16=8 | - | ----p
8b+0 | cmovnal (%rsi),%eax | a=100 x32=79b97f8c | - | --s-p
6d+ff | cmovnaq (%rsi),%rax | a=3b343d8600007fff x64=3b343d8600007fff | - | c---p
0+ff | setne %ah | a=148fa4a70000ffff | a=148fa4a7000001ff | --s-p
b5+40 | cmovne %ebx,%eax | a=998608e063400e2b b=998608e063400e2b | a=63400e2b | --s-p
7+40 | cmovnew (%rsi),%ax | a=a9e8b7930000ffff x16=20 | a=a9e8b79300000020 | ----p
3f+7f | cmovnel (%rsi),%eax | a=3f x32=3f | - | --sop
ff+ff | cmovneq (%rsi),%rax | a=d38e635e73c8a945 x64=71def53100007fff | a=71def53100007fff | c-s--
3+ff | seta %ah | a=11629a430000007f | - | c----
ff+ff | cmovnbe %rbx,%rax | a=8e0877cd47944907 b=a49a9dc600000020 | - | c-s--
7+ff | cmovnbew (%rsi),%ax | a=ffffffff x16=ffff | - | c---p
f3+80 | cmovnbel (%rsi),%eax | a=b3b593d900000000 x32=40 | a=0 | c--o-
ff+ff | cmovnbeq (%rsi),%rax | a=7fffffffffffffff x64=bf89176bdf801589 | - | c-s--
8f+2 | sets %al | a=3 | a=1 | --s--
fe+c6 | cmovs %ebx,%eax | a=40 b=4e3d853000000003 | a=3 | c-s--
7f+9e | cmovsw (%rsi),%ax | a=7fff x16=939c | - | c---p
0+80 | cmovsl (%rsi),%eax | a=492256e9b8989fe8 x32=40 | a=40 | --s--
0+0 | cmovsq (%rsi),%rax | a=1426cbb80000007f x64=ea2dbc0d7fca93a0 | - | -z--p
8e+64 | setp %al | a=d6bfd204f0f34d23 | a=d6bfd204f0f34d00 | --s--
1+44 | cmovpe %ebx,%eax | a=2 b=d90ec8ceffffffff | - | -----
bd+0 | cmovpew (%rsi),%ax | a=24ef831a00000020 x16=ffff | a=24ef831a0000ffff | --s-p
0+ff | cmovpel (%rsi),%eax | a=fffffffffffffffe x32=fffffffe | a=fffffffe | --s-p
3+1b | cmovpeq (%rsi),%rax | a=84ce00c7000000ff x64=ed739f9900000000 | a=ed739f9900000000 | ----p
0+ff | setns %ah | a=1 | - | --s-p
0+ff | setnp %ah | a=a269607ae74271c1 | a=a269607ae74200c1 | --s-p
39+ff | cmovpo %rbx,%rax | a=7fff b=170dece800000002 | a=170dece800000002 | c----
20+80 | cmovpow (%rsi),%ax | a=2084c9a000000021 x16=20 | - | --s-p
e7+fe | cmovpol (%rsi),%eax | a=7 x32=7 | - | c-s--
8+ff | cmovpoq (%rsi),%rax | a=e759603c0000007f x64=e759603c0000007f | - | c----
2+85 | setl %ah | a=1 | a=101 | --s-p
0+a7 | cmovnge %rbx,%rax | a=f54bf0c900000000 b=f54bf0c900000000 | - | --s--
aa+48 | cmovngew (%rsi),%ax | a=18a2e3b00000008 x16=3f | a=18a2e3b0000003f | --s--
0+ff | cmovngel (%rsi),%eax | a=a28d7f4600000000 x32=0 | a=0 | --s-p
1+ff | cmovngeq (%rsi),%rax | a=7fffffffffffffff x64=ba85ce9a9cfab4f0 | - | cz--p
1f+ff | setle %ah | a=7fffffffffffffff | a=7fffffffffff00ff | c---p
ff+ef | cmovng %rbx,%rax | a=f72d9ef7bc098988 b=d09af10fa74f97aa | a=d09af10fa74f97aa | c-s-p
80+40 | cmovngw (%rsi),%ax | a=584bd438ffffffff x16=ffff | - | --s-p
0+0 | cmovngl (%rsi),%eax | a=3f x32=f2388a88 | a=f2388a88 | -z--p
c5+0 | cmovngq (%rsi),%rax | a=3bf5e360ffffffff x64=100 | a=100 | --s-p
ff+ff | setge %al | a=7b48b5af00010000 | - | c-s--
ff+ff | cmovnl %ebx,%eax | a=d942a289d6dcf94c b=d942a289d6dcf94c | a=d6dcf94c | c-s--
40+3f | cmovnlw (%rsi),%ax | a=90ba0cac00000000 x16=0 | - | -----
ff+9f | cmovnll (%rsi),%eax | a=eb7348026fc67189 x32=0 | a=6fc67189 | c-s--
33+3f | cmovnlq (%rsi),%rax | a=9bb736a000000000 x64=fea4fe983a3941f2 | a=fea4fe983a3941f2 | ----p
1+3f | setg %al | a=fffffffffffffffe | a=ffffffffffffff01 | -----
0+2 | cmovnle %rbx,%rax | a=954923e400000001 b=954923e400000001 | - | -----
2a+ff | cmovnlew (%rsi),%ax | a=d9df46d380000000 x16=2 | a=d9df46d380000002 | c----
81+21 | cmovnlel (%rsi),%eax | a=2054affe5fde3e1e x32=20 | a=5fde3e1e | --s--
d7+7 | cmovnleq (%rsi),%rax | a=87d37be700000040 x64=d2c165100000008 | - | --s-p
8c+66 | movabsq $-81985529216486896,%rax | a=4f89be24c5d0c7e5 | a=fedcba9876543210 | --s--
0+40 | jecxz 1f; movl $7,%eax; 1: nop | a=2 c=82d8d6c600000100 | a=7 | -----
ff+ff | jrcxz 1f; movl $7,%eax; 1: nop | a=26b7ae9fc2d26f2b c=80 | a=7 | c-s--
c1+20 | subq %rbx,%rax; sbbl %ebx,%ecx; adcw $1,%dx | a=fb269958169d152d b=ebc4d0c12eae880f c=ff3ad2d2412bbd72 d=1f | a=f61c896e7ee8d1e c=127d3563 d=20 | -----
`;

interface Row {
  readonly before: string;
  readonly code: string;
  readonly given: ReadonlyMap<string, bigint>;
  readonly changed: ReadonlyMap<string, bigint>;
  /** The width of x; null: it is not there. */
  readonly bits: string | null;
  readonly flags: string;
}

function readValues(text: string): ReadonlyMap<string, bigint> {
  const parts = text === '-' ? [] : text.split(' ').map((part) => part.split('='));
  return new Map(parts.map(([name, value]) => [name!.replace(/\d+$/, ''), BigInt(`0x${value}`)]));
}

const rows = MEASURED.trim()
  .split('\n')
  .map((line): Row => {
    const [before = '', code = '', given = '', changed = '', flags = ''] = line.split(' | ');
    const bits = /\bx(\d+)=/.exec(given)?.[1] ?? null;
    return { before, code, given: readValues(given), changed: readValues(changed), bits, flags };
  });

const registers = ['a', 'b', 'c', 'd'];
/** Where each flag goes, and each combination of flags that a condition asks for. */
const captures: readonly (readonly [string, string, (flags: string) => boolean | null])[] = [
  ['setc %r10b', 'r10', (f) => has(f, 0)],
  ['setz %r11b', 'r11', (f) => has(f, 1)],
  ['sets %r12b', 'r12', (f) => has(f, 2)],
  ['seto %r13b', 'r13', (f) => has(f, 3)],
  ['setp %r14b', 'r14', (f) => has(f, 4)],
  ['setbe %r15b', 'r15', (f) => either(has(f, 0), has(f, 1))],
  ['setl %dil', 'rdi', (f) => differ(has(f, 2), has(f, 3))],
  ['setle %bpl', 'rbp', (f) => either(has(f, 1), differ(has(f, 2), has(f, 3)))],
];

/** Null: undefined. */
function has(flags: string, position: number): boolean | null {
  return flags[position] === '?' ? null : flags[position] !== '-';
}

function either(a: boolean | null, b: boolean | null): boolean | null {
  return a === null || b === null ? null : a || b;
}

function differ(a: boolean | null, b: boolean | null): boolean | null {
  return a === null || b === null ? null : a !== b;
}

function programOf({ before, code, given, bits, flags }: Row): Program {
  const [left, right] = before.split('+').map((byte) => `0x${byte}`);
  const taken = captures.filter(([, , value]) => value(flags) !== null);
  const lines = [
    ...[`movb $${left},%r8b`, `movb $${right},%r9b`, 'addb %r8b,%r9b'],
    ...code
      .replace(/1[fb]\b/g, 'L')
      .replace(/1: /g, 'L: ')
      .split('; '),
    ...taken.map(([instruction]) => instruction),
  ];
  const init = registers.map((name) => `uint64_t 0:r${name}x=${given.get(name) ?? 0};`);
  if (bits !== null) init.push(`uint${bits}_t x=${given.get('x')}; 0:rsi=x;`);
  const observed = [...registers.map((name) => `r${name}x`), ...captures.map(([, name]) => name)];
  const types = captures.map(([, name]) => `uint64_t 0:${name};`);
  const locations = [...observed.map((name) => `0:${name};`), ...(bits === null ? [] : ['x;'])];
  const text = `X86_64 t\n{ ${[...init, ...types].join(' ')} }\n P0 ;\n ${lines.join(' ;\n ')} ;\nlocations [${locations.join(' ')}]`;
  const { value, diagnostics } = parseAssembly({ name: 't', text });
  const assembled = value === null ? null : assemble(value);
  expect(renderDiagnostics([...diagnostics, ...(assembled?.diagnostics ?? [])])).toBe('');
  return assembled!.value!;
}

describe('measured instructions', () => {
  it.each(rows)('$code, after $before', (row) => {
    const program = programOf(row);
    const { states } = runTso(program);
    expect(states.length).toBe(1);
    const found = new Map(
      program.observed.map((o, i) => [o.display.replace('0:', ''), BigInt(states[0]![i] as number)]),
    );
    const expected = new Map<string, bigint>();
    for (const name of registers)
      expected.set(`r${name}x`, row.changed.get(name) ?? row.given.get(name) ?? 0n);
    for (const [, name, value] of captures) expected.set(name, value(row.flags) ? 1n : 0n);
    if (row.bits !== null) expected.set('x', row.changed.get('x') ?? row.given.get('x')!);
    expect(new Map([...found].sort())).toEqual(new Map([...expected].sort()));
  });

  it('are many', () => expect(rows.length).toBeGreaterThan(200));
});
