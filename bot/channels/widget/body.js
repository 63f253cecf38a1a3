/*
 * A body from the front and from behind. Every place on it presses the button of the
 * same name, and shows which button has the pointer or the focus.
 * The desk puts before it CSS, the styles that only this part needs.
 */
const SVG = "http://www.w3.org/2000/svg";

// One side each; `pair` is drawn mirrored too. A figure is 120 wide, its middle is 60.
const FIGURE = [
  ["head", "M60 4c11 0 17 8 17 19s-7 21-17 21-17-10-17-21S49 4 60 4z"],
  ["neck", "M51 46c6 3 12 3 18 0v11l5 4H46l5-4z"],
  ["shoulder", "M44 62c-13 1-20 8-22 20l18 3 4-8z", true],
  ["arm", "M21 85l-7 38-6 33c3 5 8 5 11 1l8-33 11-36z", true],
];
const FRONT = [
  ["chest", "M46 63h28l3 14 3 27H40l3-27z"],
  ["abdomen", "M40 106h40l2 36H38z"],
  ["hip_buttock", "M37 144h23l-1 24-25-6z", true],
  ["leg", "M34 164l24 6-2 42H37z", true],
  ["knee", "M37 214h19l-1 22H38z", true],
  ["leg", "M38 238h17l-4 46 4 9H36l4-9z", true],
];
const BACK = [
  ["upper_back", "M46 63h28l3 14 3 31H40l3-31z"],
  ["low_back", "M40 110h40l2 32H38z"],
  ["hip_buttock", "M37 144h23v30c-9 4-19 3-26-4z", true],
  ["leg", "M34 172c8 6 16 7 25 4l-3 36H37z", true],
  ["knee", "M37 214h19l-1 22H38z", true],
  ["leg", "M38 238h17l-4 46 4 9H36l4-9z", true],
];

const shape = (tag, attributes, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

const dressed = new WeakSet();

export default ({ dress, STRINGS, figure, made, places }) => {
  const root = figure.getRootNode();
  if (!dressed.has(root)) dress(root, CSS);
  dressed.add(root);
  const buttons = new Map(places.map((place, index) => [place, made[index]]));

  const region = ([place, d, pair]) => {
    const parts = [shape("path", { d })];
    if (pair) parts.push(shape("path", { d, transform: "matrix(-1 0 0 1 120 0)" }));
    const button = buttons.get(place);
    const group = shape("g", { class: button ? "place" : "" }, ...parts);
    if (button) connect(group, button);
    return group;
  };

  const connect = (group, button) => {
    const near = (on) => () => {
      for (const one of [group, button]) one.classList.toggle("near", on && !button.matches(":disabled"));
    };
    for (const one of [group, button]) {
      one.addEventListener("pointerenter", near(true));
      one.addEventListener("pointerleave", near(false));
    }
    button.addEventListener("focus", near(true));
    button.addEventListener("blur", near(false));
    button.addEventListener("click", () => group.classList.add("here"));
    group.addEventListener("click", () => button.click());
  };

  const side = (x, own, label) => shape("g", { transform: `translate(${x} 0)` },
    ...[...FIGURE, ...own].map(region),
    shape("text", { x: 60, y: 316, "text-anchor": "middle" }, label));

  figure.append(shape("svg", { viewBox: "0 0 300 322" },
    side(20, FRONT, STRINGS.front), side(160, BACK, STRINGS.back)));
};
