// What the checks ask of a page. Each function lists what is wrong, in words.
(() => {
  const all = (css, root) => [...(root || document).querySelectorAll(css)];
  const shown = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !hidden(e);
  // Kept for screen readers alone: one pixel, clipped away.
  const hidden = e => { const v = e.closest('.vh'); return !!v || (() => { const r = e.getBoundingClientRect(); return r.width <= 1 && r.height <= 1; })(); };
  const tag = e => {
    const words = (e.getAttribute('aria-label') || e.innerText || e.value || '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return '<' + e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (typeof e.className === 'string' && e.className ? '.' + e.className.trim().replace(/\s+/g, '.') : '') + '>' + (words ? ' "' + words + '"' : '');
  };
  const texts = root => {
    const walk = document.createTreeWalker(root || document.body, NodeFilter.SHOW_TEXT), list = [];
    while (walk.nextNode()) if (walk.currentNode.data.trim() && walk.currentNode.parentElement && !walk.currentNode.parentElement.closest('script,style,noscript,template')) list.push(walk.currentNode);
    return list;
  };
  const rects = node => { const r = document.createRange(); r.selectNodeContents(node); return [...r.getClientRects()].filter(x => x.width > 0.5 && x.height > 0.5); };
  const px = s => parseFloat(s) || 0;

  // A2
  const structure = () => {
    const bad = [], h1 = all('h1').filter(shown);
    if (h1.length !== 1) bad.push(h1.length + ' h1');
    let last = 0;
    for (const h of all('h1,h2,h3,h4,h5,h6').filter(e => e.checkVisibility())) {
      const n = +h.tagName[1];
      if (last && n > last + 1) bad.push('the level jumps from h' + last + ' to ' + tag(h));
      last = n;
    }
    if (all('main').length !== 1) bad.push(all('main').length + ' main');
    const roles = {};
    const named = e => e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') || '').split(/\s+/).map(i => (document.getElementById(i) || {}).innerText || '').join(' ').trim();
    const sectioning = 'article,aside,main,nav,section';
    for (const e of all('header,footer,nav,aside,main,section,form,search,[role=search],[role=navigation],[role=region]').filter(x => x.checkVisibility())) {
      let role = e.getAttribute('role') || {HEADER: 'banner', FOOTER: 'contentinfo', NAV: 'navigation', ASIDE: 'complementary', MAIN: 'main', SEARCH: 'search', SECTION: 'region', FORM: 'form'}[e.tagName];
      if ((e.tagName === 'HEADER' || e.tagName === 'FOOTER') && e.parentElement.closest(sectioning)) continue;
      if ((role === 'region' || role === 'form') && !named(e)) continue;
      (roles[role] = roles[role] || []).push(named(e));
    }
    for (const [role, names] of Object.entries(roles)) if (new Set(names).size !== names.length) bad.push('landmarks ' + role + ' share a name: ' + JSON.stringify(names));
    if (!/\S – \S/.test(document.title)) bad.push('the title is ' + document.title);
    const ids = {};
    for (const e of all('[id]')) ids[e.id] = (ids[e.id] || 0) + 1;
    for (const [id, n] of Object.entries(ids)) if (n > 1) bad.push('id ' + id + ' stands ' + n + ' times');
    return bad;
  };

  // A3
  const language = () => {
    const bad = [], want = /^\/en(\/|$)/.test(location.pathname) ? 'en' : 'ko', hangul = /[\uac00-\ud7a3\u3131-\u318e]/;
    if (document.documentElement.lang !== want) bad.push('html lang is ' + document.documentElement.lang);
    if (want === 'en') {
      const foreign = e => { const l = e.closest('[lang]'); return l && l.getAttribute('lang') !== 'en'; };
      for (const n of texts()) if (hangul.test(n.data) && !foreign(n.parentElement)) bad.push('Korean words in ' + tag(n.parentElement));
      for (const e of all('[aria-label],[placeholder],[alt],[title]')) for (const a of ['aria-label', 'placeholder', 'alt', 'title']) {
        if (hangul.test(e.getAttribute(a) || '') && !foreign(e)) bad.push('Korean ' + a + ' at ' + tag(e));
      }
    }
    return bad;
  };

  // A8: labels
  const labels = () => {
    const bad = [];
    for (const e of all('input:not([type=hidden]),select,textarea').filter(x => x.checkVisibility({visibilityProperty: true}))) {
      const label = (e.labels || [])[0], seen = label && shown(label) && label.innerText.trim();
      const named = (e.getAttribute('aria-labelledby') || '').split(/\s+/).map(i => document.getElementById(i)).filter(Boolean).map(x => x.innerText).join(' ').trim();
      const name = named || e.getAttribute('aria-label') || seen || '';
      if (!seen && !named) bad.push('no visible label: ' + tag(e) + ' ' + (e.name || ''));
      else if (seen && !name.includes(seen.split('\n')[0].trim())) bad.push('the label "' + seen + '" is not in the name "' + name + '"');
    }
    for (const e of all('[aria-label]').filter(shown)) {
      const words = (e.innerText || '').trim().split('\n').map(s => s.trim()).filter(s => /[\p{L}\p{N}]/u.test(s));
      const name = e.getAttribute('aria-label').replace(/\s+/g, ' ');
      if (e.matches('a,button,summary') && words.length && !words.every(w => name.includes(w.replace(/\s+/g, ' ')))) bad.push('"' + words.join(' / ') + '" is not in the name "' + name + '"');
    }
    for (const e of all('[aria-invalid=true]')) {
      const ids = (e.getAttribute('aria-describedby') || '').split(/\s+/);
      if (!ids.some(i => (document.getElementById(i) || {}).innerText)) bad.push('what is wrong is not said at ' + tag(e));
    }
    return bad;
  };

  // A9
  const slots = () => {
    const bad = [], ko = document.documentElement.lang === 'ko';
    for (const e of all('.slot').filter(shown)) {
      const name = (e.getAttribute('aria-label') || e.innerText).replace(/\s+/g, ' ');
      const parts = ko
        ? {date: /\d+월 \d+일/, weekday: /[월화수목금토일]요일/, time: /(오전|오후|낮) \d+:?\d*|\d시/, length: /시간|분/, state: /예약하기|마감|휴관|점검|선택 중|내가 고른|지났|가능|바꾸기|고르기/}
        : {date: /[A-Z][a-z]+ \d+/, weekday: /day|Mon|Tue|Wed|Thu|Fri|Sat|Sun/, time: /\d+:\d+ [AP]M|noon/, length: /hour|min/, state: /book|taken|closed|maintenance|choos|chosen|yours|mine|past|only|move|your/i};
      if (e.tagName === 'BUTTON') { for (const [what, re] of Object.entries(parts)) if (!re.test(name)) bad.push('no ' + what + ' in "' + name + '"'); }
      else if (!parts.state.test(name) || !/\d/.test(name)) bad.push('no state or time in "' + name + '"');
    }
    return bad;
  };

  // A10
  const coloured = () => {
    const bad = [];
    for (const e of all('.slot,.chip,.steps li,.notice,[aria-current],.bar-state,[class*=status]').filter(shown)) if (!/[\p{L}\p{N}]/u.test(e.innerText || e.getAttribute('aria-label') || '')) bad.push('no words in ' + tag(e));
    for (const e of all('.steps li.now')) if (!e.matches('[aria-current]')) bad.push('the step is told by colour alone: ' + tag(e));
    return bad;
  };
  const forced = () => {
    const bad = [];
    for (const e of all('.slot,.btn,.chip,.notice,input:not([type=hidden]):not([type=checkbox]):not([type=radio]),select,textarea').filter(shown)) {
      const s = getComputedStyle(e);
      if (px(s.borderTopWidth) < 1 && px(s.outlineWidth) < 1) bad.push('no border in forced colours: ' + tag(e));
    }
    return bad;
  };

  // A11
  const targets = () => {
    const bad = [], boxes = [];
    for (const e of all('a[href],button,input:not([type=hidden]),select,textarea,summary').filter(shown)) {
      if (e.closest('.vh') || e.matches('.skip') || e.closest('[inert]')) continue;
      let box = e.getBoundingClientRect();
      if (e.matches('input[type=checkbox],input[type=radio]')) {
        const label = (e.labels || [])[0];
        if (label) box = union(box, label.getBoundingClientRect());
      }
      const s = getComputedStyle(e);
      if (e.tagName === 'A' && s.display === 'inline' && inText(e)) continue;
      if (e.ownerSVGElement) continue;
      if (box.width < 43.5 || box.height < 43.5) bad.push('only ' + Math.round(box.width) + '×' + Math.round(box.height) + ': ' + tag(e));
      const framed = px(s.borderTopWidth) > 0 || s.backgroundColor !== 'rgba(0, 0, 0, 0)';
      const choice = e.matches('input[type=checkbox],input[type=radio]') && (e.labels || [])[0];
      const loose = choice && px(getComputedStyle(choice).borderTopWidth) === 0;
      const visible = loose ? [e.getBoundingClientRect(), ...texts(choice).flatMap(rects)] : e.matches('input,select,textarea') || framed ? [box] : inner(e);
      boxes.push([e, visible]);
    }
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const [a, ra] = boxes[i], [b, rb] = boxes[j];
      if (a.contains(b) || b.contains(a) || (a.labels && b.labels && a.labels[0] === b.labels[0] && a.labels[0])) continue;
      if (layered(a) !== layered(b)) continue;
      const gap = Math.min(...ra.flatMap(x => rb.map(y => distance(x, y))));
      if (gap < 7.5) bad.push('only ' + Math.round(gap) + ' px between ' + tag(a) + ' and ' + tag(b));
    }
    return bad;
  };
  const layered = e => { for (let x = e; x; x = x.parentElement) { const p = getComputedStyle(x).position; if (p === 'fixed' || p === 'sticky' || p === 'absolute' && x.matches('.menu>ul,dialog')) return x; } return null; };
  const union = (a, b) => { const l = Math.min(a.left, b.left), t = Math.min(a.top, b.top), r = Math.max(a.right, b.right), m = Math.max(a.bottom, b.bottom); return {left: l, top: t, right: r, bottom: m, width: r - l, height: m - t}; };
  const inner = e => { const list = texts(e).flatMap(rects).concat(all('svg,img', e).map(x => x.getBoundingClientRect())); return list.length ? list : [e.getBoundingClientRect()]; };
  const inText = e => { for (const n of e.parentElement.childNodes) if (n.nodeType === 3 && n.data.trim().length > 1) return true; return !!e.closest('p,dd,td') && texts(e.closest('p,dd,td')).some(n => !n.parentElement.closest('a')); };
  const distance = (a, b) => { const dx = Math.max(0, Math.max(a.left, b.left) - Math.min(a.right, b.right)), dy = Math.max(0, Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom)); return Math.hypot(dx, dy); };

  // A12
  const parse = s => { const m = s.match(/rgba?\(([^)]+)\)/); if (!m) return null; const [r, g, b, a] = m[1].split(/[ ,/]+/).map(Number); return [r, g, b, a === undefined ? 1 : a]; };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = e => { const layers = []; for (let x = e; x; x = x.parentElement) { const s = getComputedStyle(x); if (s.backgroundImage !== 'none') return null; const c = parse(s.backgroundColor); if (c && c[3] > 0) { layers.push(c); if (c[3] === 1) break; } } return layers.reverse().reduce((below, c) => over(c, below), [255, 255, 255, 1]); };
  const lum = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const contrast = () => {
    const bad = [], more = document.documentElement.dataset.contrast === 'more';
    for (const n of texts()) {
      const e = n.parentElement;
      if (!shown(e) || e.closest('svg,.vh,[aria-disabled=true],:disabled') || !rects(n).length) continue;
      const bg = behind(e);
      if (!bg) continue;
      const fg = over(parse(getComputedStyle(e).color), bg), k = ratio(fg, bg);
      // Body copy is grey or black; coloured words are links, states and errors.
      const colour = parse(getComputedStyle(e).color), grey = Math.max(...colour.slice(0, 3)) - Math.min(...colour.slice(0, 3)) < 20;
      const body = e.closest('main p,main dd,main li,main td') && !e.closest('a,button,label,summary,.btn,.chip,.slot,[aria-hidden=true]') && grey;
      const least = !body ? 4.5 : !more ? 7 : e.closest('.sub,.small,.hint,[class]') ? 10 : 15;
      if (k < least - 0.01) bad.push(k.toFixed(2) + ' < ' + least + ': ' + tag(e));
    }
    for (const e of all('input:not([type=hidden]):not([type=checkbox]):not([type=radio]),select,textarea,.slot').filter(shown)) {
      const s = getComputedStyle(e), around = behind(e.parentElement), line = parse(s.borderTopColor);
      if (!around || px(s.borderTopWidth) === 0) { bad.push('no border: ' + tag(e)); continue; }
      const k = ratio(over(line, around), around);
      if (k < 2.99) bad.push('border ' + k.toFixed(2) + ' < 3: ' + tag(e));
    }
    return bad;
  };

  // A13
  const wide = () => {
    const bad = [], room = innerWidth;
    if (document.documentElement.scrollWidth <= room) return bad;
    bad.push('at ' + room + ' px it is ' + document.documentElement.scrollWidth + ' wide');
    for (const e of all('body *')) {
      const r = e.getBoundingClientRect();
      if (r.right > room + 1 && shown(e) && !all('*', e).some(c => c.getBoundingClientRect().right > room + 1) && !scrolled(e)) bad.push('sticks out to ' + Math.round(r.right) + ': ' + tag(e));
    }
    return bad.slice(0, 6);
  };
  const scrolled = e => { for (let x = e.parentElement; x; x = x.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(x).overflowX)) return true; return false; };

  // A14, A15
  const clipped = what => {
    const bad = [];
    for (const e of all('body *').filter(shown)) {
      const s = getComputedStyle(e);
      if (e.closest('svg,.vh,select') || e.matches('input,textarea')) continue;
      if (/hidden|clip/.test(s.overflowX + s.overflowY) && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)) bad.push(what + ': cut off ' + tag(e));
    }
    // On a track of hours, blocks lie on the lines of the hours by design.
    for (const p of all('body *').filter(e => e.children.length > 1 && shown(e) && !e.closest('svg,.vh,select') && !e.matches('.track,.tltrack'))) {
      const kids = [...p.children].filter(e => shown(e) && !/absolute|fixed|sticky/.test(getComputedStyle(e).position) && getComputedStyle(e).display !== 'inline' && getComputedStyle(e).display !== 'contents');
      for (let i = 0; i < kids.length; i++) for (let j = i + 1; j < kids.length; j++) {
        const a = kids[i].getBoundingClientRect(), b = kids[j].getBoundingClientRect();
        const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (w > 2 && h > 2) bad.push(what + ': ' + tag(kids[i]) + ' lies on ' + tag(kids[j]));
      }
    }
    const pen = document.createElement('canvas').getContext('2d');
    for (const e of all('input[placeholder]').filter(shown)) {
      const s = getComputedStyle(e);
      pen.font = s.fontWeight + ' ' + s.fontSize + ' ' + s.fontFamily;
      if (pen.measureText(e.placeholder).width > e.clientWidth - px(s.paddingLeft) - px(s.paddingRight) + 1) bad.push(what + ': the example is cut off in ' + tag(e) + ' ' + e.placeholder);
    }
    // A text that is wider than the box that draws it is not read either.
    for (const n of texts()) {
      const e = n.parentElement, b = e.closest('button,.btn,.chip,.slot,.card,th,td,summary');
      if (!b || !shown(e) || e.closest('svg,.vh')) continue;
      const r = b.getBoundingClientRect();
      for (const x of rects(n)) if (x.right > r.right + 2 || x.left < r.left - 2) { if (!scrolled(e)) bad.push(what + ': text leaves ' + tag(b)); break; }
    }
    return [...new Set(bad)];
  };

  // A16
  const broken = () => {
    const bad = [];
    for (const n of texts()) {
      const e = n.parentElement;
      if (!e.closest('button,.btn,.chip,.slot,h1,h2,h3,summary,.tabs a,.links a,.top a,.steps li,.days a,th,label,legend,dt') || !shown(e) || e.closest('.vh,svg')) continue;
      // A line may begin with a bracket; the words before and in it stay whole.
      for (const m of n.data.matchAll(/[^\s(]+|\([^\s(]*/g)) {
        if (!/[\uac00-\ud7a3]/.test(m[0])) continue;
        const r = document.createRange();
        r.setStart(n, m.index); r.setEnd(n, m.index + m[0].length);
        const tops = new Set([...r.getClientRects()].filter(x => x.width > 0.5).map(x => Math.round(x.top / 4)));
        if (tops.size > 1) bad.push('"' + m[0] + '" is broken in ' + tag(e));
      }
    }
    return bad;
  };

  // A17
  const type = staff => {
    const bad = [], body = px(getComputedStyle(document.body).fontSize);
    if (body < (staff ? 15 : 16.9)) bad.push('body is ' + body + ' px');
    for (const n of texts()) {
      const e = n.parentElement, s = getComputedStyle(e);
      if (!shown(e) || e.closest('.vh,footer,svg,.official')) continue;
      if (px(s.fontSize) < 14.9) bad.push(s.fontSize + ' at ' + tag(e));
    }
    for (const p of all('p').filter(shown)) {
      const s = getComputedStyle(p);
      if (texts(p).length && px(s.lineHeight) / px(s.fontSize) < 1.49) bad.push('lines ' + (px(s.lineHeight) / px(s.fontSize)).toFixed(2) + ' at ' + tag(p));
    }
    return bad;
  };

  // A19
  const primary = () => {
    const list = all('.btn.primary').filter(shown), out = list.filter(e => !e.closest('dialog'));
    return out.length > 1 ? ['main buttons: ' + out.map(tag).join(', ')] : [];
  };

  // A20
  const tokens = known => {
    const bad = [], set = new Set(known), seen = {};
    const hex = c => '#' + c.slice(0, 3).map(v => Math.round(v).toString(16).padStart(2, '0')).join('');
    for (const e of all('html,body,body *')) {
      if (!e.checkVisibility() || e.closest('.vh,option')) continue;
      const s = getComputedStyle(e), r = e.getBoundingClientRect();
      for (const corner of ['borderTopLeftRadius', 'borderBottomRightRadius']) {
        const v = s[corner], n = px(v);
        const circle = /%/.test(v) ? n >= 50 : Math.abs(r.width - r.height) < 2 && n >= r.width / 2 - 1;
        if (n > 12 && !circle && !/%/.test(v)) bad.push('radius ' + v + ' at ' + tag(e));
      }
      const colours = [['color', s.color]];
      if (s.backgroundColor) colours.push(['background', s.backgroundColor]);
      for (const side of ['Top', 'Right', 'Bottom', 'Left']) if (px(s['border' + side + 'Width']) > 0 && s['border' + side + 'Style'] !== 'none') colours.push(['border', s['border' + side + 'Color']]);
      if (e.ownerSVGElement) { for (const k of ['fill', 'stroke']) if (s[k] && s[k] !== 'none') colours.push([k, s[k]]); }
      const native = e.matches('input[type=checkbox],input[type=radio],progress,meter') ;
      for (const [what, value] of colours) {
        const c = parse(value);
        if (!c || c[3] === 0 || native) continue;
        if (!set.has(hex(c)) && !seen[what + value]) { seen[what + value] = 1; bad.push(what + ' ' + hex(c) + ' at ' + tag(e)); }
      }
    }
    return bad;
  };

  // A22: a letter that is drawn like one that no font has.
  const tofu = () => {
    const c = document.createElement('canvas');
    c.width = c.height = 40;
    const g = c.getContext('2d', {willReadFrequently: true});
    g.font = '24px ' + getComputedStyle(document.body).fontFamily;
    const drawn = x => { g.clearRect(0, 0, 40, 40); g.fillText(x, 4, 30); return g.getImageData(0, 0, 40, 40).data.join(); };
    const none = drawn('\u{10fffd}'), bad = [];
    for (const x of new Set(document.body.innerText)) if (x > '\u007f' && !/\s/.test(x) && drawn(x) === none) bad.push('no font draws ' + x + ' (U+' + x.codePointAt(0).toString(16) + ')');
    return bad;
  };

  // B20: what stands before and after the help in the footer.
  const help = () => {
    const foot = document.querySelector('footer');
    if (!foot) return 'no footer';
    const link = foot.querySelector('a[href^="tel:"],a[href*="/ask"],a[href*="/write"],.tel,.ask');
    if (!link) return 'no help in the footer';
    const order = all('a[href],button', foot).filter(shown);
    return order.indexOf(link) + '. ' + (link.getAttribute('href') || '').replace(/^(\/en)?/, '').split('?')[0];
  };

  // A5: what can take the focus, in the order of the document.
  const stops = () => all('a[href],button:not([disabled]),input:not([type=hidden]):not([disabled]),select:not([disabled]),textarea:not([disabled]),summary,[tabindex="0"],iframe,video[controls]')
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('[inert]') && !(e.tabIndex < 0))
    .filter(e => !(e.type === 'radio') || (() => { const group = all('input[type=radio]').filter(x => x.name === e.name && x.form === e.form); const c = group.find(x => x.checked); return c ? c === e : group[0] === e; })());

  const focus = () => {
    const e = document.activeElement;
    if (!e || e === document.body) return {At: -1, Name: '', Parts: false, Wrong: []};
    const list = stops(), wrong = [], s = getComputedStyle(e);
    let ring = s, at = e;
    if (px(s.outlineWidth) < 1.9 || s.outlineStyle === 'none') { const label = e.closest('label,.answer,.choice,.field'); if (label) { at = label; ring = getComputedStyle(label); } }
    if (px(ring.outlineWidth) < 1.9 || ring.outlineStyle === 'none') wrong.push('no focus ring at ' + tag(e));
    else { const around = behind(at.parentElement) || [255, 255, 255, 1], k = ratio(over(parse(ring.outlineColor), around), around); if (k < 2.99) wrong.push('focus ring ' + k.toFixed(2) + ' < 3 at ' + tag(e)); }
    const boxes = [...e.getClientRects()];
    if (!boxes.length) wrong.push('focus on nothing visible: ' + tag(e));
    else {
      const r = boxes[0], x = Math.min(Math.max(r.left + r.width / 2, 0), innerWidth - 1), y = r.top + r.height / 2;
      const tall = r.height > innerHeight; // of what is taller than the window a part is enough
      if ((tall ? r.bottom < 0 || r.top > innerHeight : y < 0 || y > innerHeight) || r.left + r.width / 2 > innerWidth || r.right < 0) wrong.push('the focus is outside the window: ' + tag(e));
      else { const hit = document.elementFromPoint(x, y), label = e.labels && [...e.labels].some(l => l.contains(hit)); if (hit && !e.contains(hit) && !hit.contains(e) && !label) wrong.push(tag(hit) + ' covers ' + tag(e)); }
    }
    if (e.tabIndex > 0) wrong.push('tabindex ' + e.tabIndex + ' at ' + tag(e));
    return {At: list.indexOf(e), Name: tag(e), Parts: e.matches('input[type=date],input[type=time],input[type=month],input[type=datetime-local],video'), Wrong: wrong};
  };
  const missed = reached => stops().filter((_, i) => !reached.includes(i)).map(tag);
  const reordered = () => all('body *').filter(e => shown(e) && (+getComputedStyle(e).order !== 0 || /reverse/.test(getComputedStyle(e).flexDirection))).map(e => 'the order on the screen is not that of the page: ' + tag(e));

  const text = () => document.body.innerText;
  window.__probe = {structure, language, labels, slots, coloured, forced, targets, contrast, wide, clipped, broken, type, primary, tokens, help, tofu, stops: () => stops().length, focus, missed, reordered, text, tag};
})();
