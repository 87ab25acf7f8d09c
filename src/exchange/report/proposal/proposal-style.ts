import { reportStyle } from '../report-style.ts';

/** What pictures of outcomes and of alpha add to the style of every report. */
export const proposalStyle = `${reportStyle}.verdicts{font-size:1.15rem;margin:.9rem 0}
.grid,.alpha{display:block;max-width:100%;height:auto;margin:.5rem 0}
.grid rect,.alpha rect{stroke:none}
.grid .cell{fill:var(--wash);stroke:var(--line);stroke-width:.6}
.grid .both,.legend .both{fill:var(--soft)}
.grid .won,.legend .won{fill:var(--good)}
.grid .lost,.legend .lost{fill:var(--bad)}
.grid .open,.legend .open{fill:var(--open)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:.5rem 0;font-size:.92rem;max-width:none}
.legend li{margin:0;display:flex;gap:.45rem;align-items:center}
.legend svg{width:14px;height:14px;flex:none}
.legend .cell{fill:var(--wash);stroke:var(--line);stroke-width:.6}
.alpha .left{fill:var(--line)}
.alpha .level{fill:var(--link)}
.alpha .mine{fill:none;stroke:var(--ink);stroke-width:1.5}
.alpha line{stroke:var(--soft);stroke-width:1}
.alpha text{fill:var(--soft);font:11px system-ui,sans-serif}
.told{display:block;min-width:16rem}
.enforced{color:var(--good);font-weight:600}.declared{color:var(--open);font-weight:600}
`;
