// @ts-check
/** The marks of the record: shape carries the meaning, colour repeats it. Sizes in CSS pixels. */

/** @typedef {"down" | "up" | "dot" | "square" | "circle" | "diamond"} Shape */

/** Path of one shape; carets touch the value with their tip. @param {Shape} shape @param {number} x @param {number} y @param {number} r */
function outline(shape, x, y, r) {
  const path = new Path2D();
  if (shape === "down" || shape === "up") {
    const away = shape === "down" ? -1 : 1;
    path.moveTo(x, y);
    path.lineTo(x - r, y + away * r * 1.5);
    path.lineTo(x + r, y + away * r * 1.5);
    path.closePath();
  } else if (shape === "square") {
    path.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  } else if (shape === "diamond") {
    path.moveTo(x, y - r * 1.2);
    path.lineTo(x + r * 1.2, y);
    path.lineTo(x, y + r * 1.2);
    path.lineTo(x - r * 1.2, y);
    path.closePath();
  } else {
    path.arc(x, y, r, 0, Math.PI * 2);
  }
  return path;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Shape} shape @param {number} x @param {number} y @param {number} ratio
 * @param {{colour: string, surface: string, mark: Mark, radius?: number}} look
 */
export function drawMark(ctx, shape, x, y, ratio, look) {
  const { colour, surface, mark } = look;
  const radius = (look.radius ?? 4) * ratio;
  const path = outline(shape, x, y, radius);
  const open = mark.late || shape === "square" || shape === "circle";
  ctx.lineWidth = 1.6 * ratio;
  ctx.strokeStyle = colour;
  ctx.fillStyle = open ? surface : colour;
  ctx.fill(path);
  ctx.stroke(path);
  if (mark.late) {
    text(ctx, "L", x + radius + 3 * ratio, y, ratio, { colour, size: 10, weight: 700, align: "left" });
  }
  if (mark.artefact) {
    ctx.beginPath();
    ctx.moveTo(x - radius * 2, y + radius * 1.6);
    ctx.lineTo(x + radius * 2, y - radius * 1.6);
    ctx.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {string} words @param {number} x @param {number} y @param {number} ratio
 * @param {{colour: string, size: number, weight?: number, align?: CanvasTextAlign, halo?: string}} look
 */
export function text(ctx, words, x, y, ratio, look) {
  ctx.font = `${look.weight ?? 600} ${look.size * ratio}px "Inter Variable", system-ui, sans-serif`;
  ctx.textAlign = look.align ?? "center";
  ctx.textBaseline = "middle";
  if (look.halo) {
    ctx.lineWidth = 3 * ratio;
    ctx.lineJoin = "round";
    ctx.strokeStyle = look.halo;
    ctx.strokeText(words, x, y);
  }
  ctx.fillStyle = look.colour;
  ctx.fillText(words, x, y);
}

/** Last point at or before minute `t`, artefacts left out. @template {Mark} T @param {T[]} points @param {number} t */
export function lastBefore(points, t) {
  return points.findLast((point) => point.t <= t && !point.artefact);
}
