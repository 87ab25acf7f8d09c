/** All of it: nothing is loaded from anywhere, and no element carries a style of its own. */
export const reportStyle = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1d21;--soft:#5a606b;--line:#d8dbe1;--wash:#f5f6f8;--link:#0b57b8;
--good:#146c37;--good-wash:#e2f3e8;--bad:#a8321a;--bad-wash:#fdeae4;--plain:#4f5563;--plain-wash:#e9ebef;--open:#6b4e00;--open-wash:#fbf1d3}
@media (prefers-color-scheme:dark){:root{--paper:#15171b;--ink:#e6e8ec;--soft:#a3a9b5;--line:#343942;--wash:#1e2127;--link:#85b8ff;
--good:#7fd6a0;--good-wash:#17301f;--bad:#ff9f87;--bad-wash:#3a1d15;--plain:#b9bfca;--plain-wash:#2a2e36;--open:#e8c766;--open-wash:#332a10}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:68rem;margin:0 auto;padding:2rem 1.25rem 4rem}
header{border-bottom:3px solid var(--ink);padding-bottom:1rem}
h1,h2,h3,h4{line-height:1.25;margin:0}
h1{font-size:2rem;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:2.75rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;display:inline;overflow-wrap:anywhere}
h4{font-size:1rem;margin:1.5rem 0 .4rem}
p{margin:.6rem 0;max-width:75ch}
ul{padding-left:1.2rem;max-width:75ch}
li{margin:.4rem 0}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
bdi,code,pre,dd,td,th{overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
pre{margin:.5rem 0;padding:.75rem .9rem;background:var(--wash);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;tab-size:4;overflow:hidden;line-height:1.45}
.kind{margin:0 0 .35rem;text-transform:uppercase;letter-spacing:.09em;font-size:.8rem;font-weight:600;color:var(--soft)}
.quiet,.more,.withheld{color:var(--soft)}
.more,.withheld{font-size:.92rem}
.withheld{border-left:3px solid var(--line);padding-left:.75rem}
.n{font-variant-numeric:tabular-nums}
.ctl{font-size:.8em;background:var(--open-wash);color:var(--open);border-radius:3px;padding:0 .2em}
.notice{border:1px solid var(--line);border-left:5px solid var(--good);background:var(--wash);border-radius:6px;padding:.3rem 1rem;margin:.75rem 0}
.notice.bad{border-left-color:var(--bad);background:var(--bad-wash)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem;margin:.75rem 0}
.tile{border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem;display:flex;flex-direction:column-reverse}
.tile dt{color:var(--soft);font-size:.92rem}
.tile dd{margin:0}
.tile b{font-size:1.7rem;line-height:1.15;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:.92rem}
.tile.good b{color:var(--good)}.tile.bad b{color:var(--bad)}
.bar{display:block;width:100%;height:12px;border-radius:6px;margin:.25rem 0 1rem}
rect.good{fill:var(--good)}rect.bad{fill:var(--bad)}rect.plain{fill:var(--line)}rect.open{fill:var(--open)}
.tile.none b{color:var(--soft)}
.facts{margin:.75rem 0}
.facts div{display:grid;grid-template-columns:10rem 1fr;gap:.75rem;padding:.28rem 0;border-bottom:1px solid var(--line)}
.facts div:last-child{border-bottom:0}
.facts dt{color:var(--soft)}
.facts dd{margin:0;min-width:0}
.scroll{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;width:100%;font-size:.94rem}
caption{text-align:left;color:var(--soft);font-size:.92rem;padding-bottom:.35rem}
th,td{padding:.34rem .7rem .34rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400;min-width:4.5rem}
.even{table-layout:fixed;min-width:30rem}
.even th:first-child{width:16%}
th.n:first-child{min-width:2.4rem}
.plain td:nth-child(2):not(.n){min-width:10rem}
thead th{font-weight:600;font-size:.86rem;color:var(--soft);overflow-wrap:normal}
th.n,td.n{text-align:right;white-space:nowrap}
th.n{white-space:normal}
.verdict{display:inline-block;white-space:nowrap;border-radius:4px;padding:.02rem .45rem;font-size:.88rem;font-weight:600;background:var(--plain-wash);color:var(--plain)}
.verdict.good{background:var(--good-wash);color:var(--good)}
.verdict.bad{background:var(--bad-wash);color:var(--bad)}
.verdict.open{background:var(--open-wash);color:var(--open)}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:0 .9rem}
summary{cursor:pointer;padding:.5rem 0;overflow-wrap:anywhere}
details[open]>summary{border-bottom:1px solid var(--line);margin-bottom:.5rem}
.inside{scroll-margin-top:4rem;padding-bottom:.75rem}
.candidate{border-top:1px solid var(--line);margin-top:1.25rem}
.candidate h4{margin-top:1rem}
.picked{font-size:.85rem;font-weight:600;border-radius:4px;padding:.02rem .45rem;background:var(--good-wash);color:var(--good)}
.diff ins,.diff del{text-decoration:none;display:inline-block;width:100%}
.diff ins{background:var(--good-wash);color:var(--good)}
.diff del{background:var(--bad-wash);color:var(--bad)}
.diff i{color:var(--soft);font-style:normal}
@media (max-width:40rem){main{padding:1.25rem .9rem 3rem}h1{font-size:1.5rem}.facts div{grid-template-columns:1fr;gap:0}.tiles{grid-template-columns:repeat(2,1fr)}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--wash:#fff}body{font-size:10.5pt}main{max-width:none;padding:0}
::details-content{content-visibility:visible;block-size:auto}details{break-inside:auto}h2,h3,h4,summary{break-after:avoid}tr{break-inside:avoid}a{color:inherit}}
`;
