// How a procedural motion was decided, in one line.

/** @param {any} procedure @returns {string} */
export function handsWords(procedure) {
  const answer = procedure.passed ? "通过" : "未通过";
  if (procedure.unopposed) return `没有人提出异议，${answer}`;
  return `举手：赞成${procedure.in_favour}人，反对${procedure.against}人，弃权${procedure.abstained}人，${answer}`;
}
