/**
 * The page's style sheet: one column on a phone, source beside pictures on a desk; light and dark; and for a printer the static half of the
 * page, unfolded, in light colours.
 *
 * The colours of edges are those of the pictures (graph/style.ts) on light paper, and lighter ones of the same hue on dark paper.
 */
import { cycleColour, edgeStyles } from '../graph/style.js';
import type { EdgeGroup } from './page-data.js';

const light: Readonly<Record<EdgeGroup, string>> = {
  po: edgeStyles.po.colour,
  rf: edgeStyles.rf.colour,
  co: edgeStyles.co.colour,
  fr: edgeStyles.fr.colour,
  deps: edgeStyles.data.colour,
  fences: edgeStyles.fence.colour,
  rmw: edgeStyles.rmw.colour,
  other: edgeStyles.section.colour,
};

/** At least 6:1 on the dark paper. */
const dark: Readonly<Record<EdgeGroup, string>> = {
  po: '#a3a8b2',
  rf: '#74b4ff',
  co: '#52d3ac',
  fr: '#f3a862',
  deps: '#dfa1cc',
  fences: '#a3a8b2',
  rmw: '#c6cad2',
  other: '#cfca72',
};

function variables(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');
}

const lightVariables = variables({
  ...light,
  paper: '#ffffff',
  ink: '#1a1c1f',
  soft: '#565b63',
  line: '#c9ccd1',
  shade: '#8b9099',
  panel: '#f5f6f7',
  fill: '#e8eaed',
  accent: '#0a58a8',
  mark: '#fff2bf',
  cycle: cycleColour,
  good: '#1c6b3c',
});

const darkVariables = variables({
  ...dark,
  paper: '#15171b',
  ink: '#e7e9ec',
  soft: '#a7adb7',
  line: '#3d424b',
  shade: '#757c88',
  panel: '#1d2025',
  fill: '#2a2e36',
  accent: '#86bdff',
  mark: '#4a3f12',
  cycle: '#ff7383',
  good: '#74d39b',
});

const edgeRules = Object.keys(light)
  .map(
    (group) => `.drawn [data-group=${group}]{--edge:var(--${group})}
.legend [data-group=${group}]{--edge:var(--${group})}`,
  )
  .join('\n');

const text = `
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:1rem clamp(.75rem,2.5vw,2rem) 3rem;max-width:110rem;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.25;margin:0 0 .5rem}
h1{font-size:1.5rem}h2{font-size:1.4rem}h3{font-size:1.05rem}
code,pre,.value,.source ol{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:.92em}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
.condition{margin:0 0 1rem;font-size:1.05rem}
.details{color:var(--soft);font-size:.9rem}
.scroll{overflow:auto}
div.scroll{background:linear-gradient(var(--paper),var(--paper)) left -1px top/1.7rem 100% no-repeat local,linear-gradient(var(--paper),var(--paper)) right -1px top/1.7rem 100% no-repeat local,linear-gradient(to right,var(--shade),transparent) left/1.2rem 100% no-repeat scroll,linear-gradient(to left,var(--shade),transparent) right/1.2rem 100% no-repeat scroll}
.live{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
nav{margin-bottom:1.5rem}
nav tbody th{font-weight:400}
td.unexpected{color:var(--cycle);font-weight:600}
.whole{white-space:nowrap}
.test{padding:1rem 0 2rem}
.test+.test{border-top:1px solid var(--line)}
.outcomes{display:flex;flex-wrap:wrap;gap:1rem 3rem;align-items:flex-start;margin-bottom:1.25rem}
.outcomes>.scroll{max-width:100%}
.verdicts{list-style:none;margin:0;padding:0;display:grid;gap:.3rem}
.verdict{padding:.2rem .7rem;border-left:5px solid var(--line);background:var(--panel)}
.verdict .model{display:inline-block;min-width:4.5rem}
.verdict.unexpected{border-color:var(--cycle)}
.verdict.expected{border-color:var(--good)}
table{border-collapse:collapse;font-size:.95rem}
caption{text-align:left;color:var(--soft);font-size:.85rem;padding-bottom:.3rem;max-width:min(34rem,calc(100vw - 1.5rem))}
th,td{white-space:nowrap;padding:.15rem .8rem;text-align:left;border-bottom:1px solid var(--line)}
th.value,td.value{text-align:right}
td.no,td.no a{color:var(--soft)}
tr.asked td{background:var(--mark)}
td a{display:inline-block;min-width:2.2rem}
td a[aria-current=true]{font-weight:700;text-decoration-thickness:3px}
.bench{display:grid;gap:1.25rem;grid-template-columns:minmax(0,1fr)}
figure{margin:0}
figcaption{color:var(--soft);font-size:.85rem;margin-bottom:.25rem}
.source ol{margin:0;padding:.5rem 0;list-style:none;counter-reset:line;background:var(--panel);border:1px solid var(--line);border-radius:6px;max-height:45vh;font-size:.82rem;line-height:1.45;overflow-wrap:normal;position:relative}
.source li{counter-increment:line;white-space:pre;tab-size:4;width:max-content;min-width:100%;padding-right:1rem}
.source li::before{content:counter(line);display:inline-block;width:3.2ch;margin-right:1.2ch;text-align:right;color:var(--soft)}
.source li.lit{background:var(--mark);box-shadow:inset 4px 0 var(--cycle)}
.source code{font-size:1em}
.source li:target{background:var(--mark)}
.drawing{max-width:56rem}
.drawing svg{max-width:100%;height:auto;background:#fff}
.said li{margin:.25rem 0}
.said ul,.reasons ul{padding-left:1.2rem;margin:.15rem 0;list-style:none;border-left:1px solid var(--line);font-size:.93rem}
summary{cursor:pointer}
.viewer{border:1px solid var(--line);border-radius:6px;padding:.8rem;display:grid;gap:.7rem;grid-template-columns:minmax(0,1fr)}
.bar{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center}
fieldset{border:0;margin:0;padding:0;min-width:0;display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:center}
legend{float:left;padding:0;margin-right:.6rem;color:var(--soft)}
label{display:inline-flex;align-items:center;gap:.35rem;min-height:1.9rem}
input{accent-color:var(--accent);width:1.05rem;height:1.05rem;margin:0}
button{font:inherit;color:var(--ink);background:var(--fill);border:1px solid var(--line);border-radius:5px;padding:.3rem .75rem;min-height:2.2rem;cursor:pointer}
button:hover:not(:disabled){border-color:var(--accent)}
button:disabled{opacity:.5;cursor:default}
.where{font-weight:600}
.where .verdict-word{padding:.05rem .5rem;border-radius:4px;border:2px solid var(--accent);white-space:nowrap}
.where .forbidden{border-color:var(--cycle)}
.canvas{width:100%;min-width:0;border:1px solid var(--line);border-radius:6px;overflow:hidden;background:var(--paper);touch-action:pan-y}
.canvas svg{display:block;width:100%;height:100%}
.zoom{display:flex;gap:.3rem;margin-left:auto}
.zoom button{min-width:2.4rem}
.legend .sample{width:1.8rem;border-top:3px solid var(--edge);display:inline-block}
.legend .fr .sample,.legend .deps .sample{border-top-style:dashed}
.legend .co .sample{border-top-style:dotted}
.panel{background:var(--panel);border-radius:6px;padding:.6rem .9rem}
.panel h4{margin:0 0 .3rem;font-size:1rem}
.panel p{margin:.3rem 0}
.panel ol,.panel ul.said{margin:.3rem 0;padding-left:1.5rem}
.hint{color:var(--soft);font-size:.85rem;margin:0}
.cropped{display:none}
.canvas:has([data-cropped])+.cropped{display:block}
kbd{border:1px solid var(--line);border-bottom-width:2px;border-radius:4px;padding:0 .3rem;font-size:.85em}
${edgeRules}
.drawn text{fill:var(--ink)}
.drawn text[fill="#404040"]{fill:var(--soft)}
.drawn text[fill="${cycleColour}"]{fill:var(--cycle)}
.drawn .cluster path,.drawn .cluster polygon{stroke:var(--line);fill:none}
.drawn .node path,.drawn .node polygon{stroke:var(--soft);fill:var(--paper)}
.drawn .node.lock path,.drawn .node.lock polygon,.drawn .node.unlock path,.drawn .node.unlock polygon{fill:var(--panel)}
.drawn .node.fence path,.drawn .node.fence polygon{fill:var(--fill);stroke:var(--line)}
.drawn .node.highlighted path,.drawn .node.highlighted polygon{stroke:var(--cycle)}
.drawn .edge path{stroke:var(--edge);fill:none}
.drawn .edge polygon{stroke:var(--edge);fill:var(--edge)}
.drawn .edge text{fill:var(--edge)}
.drawn .edge.highlighted{--edge:var(--cycle)!important}
.drawn .edge polygon[fill=white],.drawn .edge polygon[stroke=none],.drawn .edge polygon[stroke=transparent]{fill:var(--paper);stroke:none}
.drawn .node,.drawn .edge{cursor:pointer}
.drawn .edge:hover path,.drawn .edge[aria-pressed=true] path,.drawn .edge:focus path{stroke-width:4}
.drawn .node[data-selected] path,.drawn .node[data-selected] polygon{fill:var(--mark)}
.drawn :focus{outline:none}
.drawn :focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.drawn [data-hidden]{display:none}
@media (min-width:68rem){
.bench:not(.wide){grid-template-columns:minmax(0,2fr) minmax(0,3fr);align-items:start}
.bench:not(.wide) .source{position:sticky;top:.5rem}
.bench:not(.wide) .source ol{max-height:calc(100vh - 3.5rem)}
}
@media (max-width:40rem){th,td{padding:.15rem .45rem}}
@media screen{.scripted .pictured{display:none}}
@media print{
:root{${lightVariables}}
html{font-size:10.5pt}
body{max-width:none;padding:0}
.viewer,.hint{display:none}
.source ol{max-height:none;overflow:visible;border:0}
.source li{white-space:pre-wrap;width:auto}
.scroll{overflow:visible}
.static{break-inside:auto}
.drawing,tr,.said>li{break-inside:avoid}
details::details-content{display:block;content-visibility:visible;height:auto}
summary{list-style:none}
a{color:inherit;text-decoration:none}
td a[aria-current=true]{font-weight:inherit}
.source li.lit{background:none;box-shadow:none}
.test+.test{break-before:page}
}
`;

export function pageStyle(): string {
  return `:root{${lightVariables}}
@media screen and (prefers-color-scheme:dark){:root{${darkVariables}}}
${text.trim()}
`;
}
