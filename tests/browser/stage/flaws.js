// What of a widget lies where it mustn't? What spills, is cut off, overlaps, is too small to hit, or has no ring.

const CONTROLS = "button, input, select, textarea, a[href], [role=slider], [role=radio], [role=menuitem]";
const SMALLEST = 24;
const SLACK = 1;

/** One sentence a flaw; none for a widget as it should be. */
export function flawsOf(root) {
  const nodes = [root, ...root.querySelectorAll("*")].filter((node) => isShown(node) && !isDrawing(node));
  const controls = nodes.filter((node) => node.matches(CONTROLS) && !node.matches(":disabled") && isOnTop(node));
  return [
    ...nodes.flatMap(spilling),
    ...nodes.filter((node) => node.matches(CONTROLS)).flatMap((node) => outside(node, root)),
    ...controls.flatMap((node) => small(node, controls)),
    ...controls.flatMap(ringless),
    ...overlapping(nodes),
  ];
}

/** Whether a person sees it; what only a screen reader hears isn't seen. */
function isShown(node) {
  const { width, height } = node.getBoundingClientRect();
  const isVisible = node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  return isVisible && width > 1 && height > 1 && !node.closest("[hidden]");
}

/** Whether a pointer gets at it; what is scrolled out of sight counts. */
function isOnTop(node) {
  const hit = node.getRootNode().elementFromPoint(...middle(node.getBoundingClientRect()));
  return hit === null || node.contains(hit) || hit.contains(node);
}

/** The plot and its letters are judged by its data. */
function isDrawing(node) {
  return node.closest("svg, canvas, .js-plotly-plot, .lw-picture") !== null;
}

/** What doesn't fit, unless it can be scrolled to or ends in …; around a thumb there is room for a finger. */
function spilling(node) {
  if (node.clientWidth === 0 || node.matches("input, select, textarea")) return [];
  if (node.matches("[role=slider], :has(> [role=slider])")) return [];
  const { overflowX, overflowY, textOverflow, webkitLineClamp, display } = getComputedStyle(node);
  if (display === "inline") return [];
  const wide = node.scrollWidth - node.clientWidth > SLACK && textOverflow !== "ellipsis";
  const isCut = overflowY === "hidden" && webkitLineClamp === "none";
  const high = isCut && node.scrollHeight - node.clientHeight > SLACK;
  const isHidden = !["auto", "scroll"].includes(overflowX);
  return [
    ...(wide && isHidden ? [`${nameOf(node)} spills ${node.scrollWidth} into ${node.clientWidth} px`] : []),
    ...(high ? [`${nameOf(node)} is cut off at ${node.clientHeight} of ${node.scrollHeight} px`] : []),
  ];
}

function outside(node, root) {
  const [inner, outer] = [node, root].map((one) => one.getBoundingClientRect());
  const isInside = inner.left >= outer.left - SLACK && inner.right <= outer.right + SLACK;
  return isInside ? [] : [`${nameOf(node)} stands outside the widget`];
}

/** As WCAG 2.2 has it: a target is 24 px, or no other one is within its 24 px circle. */
function small(node, all) {
  const { width, height } = node.getBoundingClientRect();
  if (Math.min(width, height) >= SMALLEST - 0.5) return [];
  const crowded = all.find((other) => other !== node && !other.contains(node) && isNear(node, other));
  const size = `${Math.round(width)} × ${Math.round(height)} px`;
  return crowded ? [`${nameOf(node)} is ${size}, close to ${nameOf(crowded)}`] : [];
}

function isNear(node, other) {
  const [x, y] = middle(node.getBoundingClientRect());
  const { left, right, top, bottom } = other.getBoundingClientRect();
  const gap = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  return gap < SMALLEST / 2;
}

function ringless(node) {
  const before = document.activeElement;
  node.focus({ preventScroll: true });
  if (node.getRootNode().activeElement !== node) return [];
  const { outlineStyle, outlineWidth } = getComputedStyle(node);
  const hasRing = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  const isSeen = hasRing && node.checkVisibility();
  before?.focus?.({ preventScroll: true });
  return isSeen ? [] : [`${nameOf(node)} shows no ring when it has the focus`];
}

/** Letters over letters; what floats over the rest is meant to. */
function overlapping(nodes) {
  const texts = nodes.filter((node) => hasText(node) && !floats(node)).map((node) => [node, lettersOf(node)]);
  return texts.flatMap(([node, one], index) =>
    texts
      .slice(index + 1)
      .filter(([other, two]) => !node.contains(other) && !other.contains(node) && meet(one, two))
      .map(([other]) => `${nameOf(node)} and ${nameOf(other)} lie on each other`),
  );
}

function hasText(node) {
  return [...node.childNodes].some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim());
}

function floats(node) {
  for (let one = node; one; one = one.parentElement) {
    if (one.matches(".landscape-widget")) return false;
    if (["absolute", "fixed"].includes(getComputedStyle(one).position)) return true;
  }
  return false;
}

/** Where its own letters are, as far as they aren't scrolled out of sight. */
function lettersOf(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  let box = range.getBoundingClientRect();
  for (let one = node; one && !one.matches(".landscape-widget"); one = one.parentElement) {
    if (getComputedStyle(one).overflowX !== "visible") box = common(box, one.getBoundingClientRect());
  }
  return box;
}

function common(a, b) {
  const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
  return { left, top, right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) };
}

function meet(a, b) {
  const { left, top, right, bottom } = common(a, b);
  return right - left > 2 && bottom - top > 2;
}

function middle({ left, top, width, height }) {
  return [left + width / 2, top + height / 2];
}

function nameOf(node) {
  const said = node.getAttribute("aria-label") ?? node.textContent.replace(/\s+/g, " ").trim().slice(0, 40);
  const where = node.classList[0] ? `.${node.classList[0]}` : node.tagName.toLowerCase();
  return said ? `${where} “${said}”` : where;
}
