// What a waiting hand says of itself beside the name: why, how often, whether it is one more than foreseen.
/**
 * @param {any} hand a row of `speaker_queue.waiting`
 * @param {any} words
 * @returns {string} 听不清或设备有问题, 追加发言, 首次发言, 第2次
 */
export function handWords(hand, words) {
  if (hand.point_of_order) return hand.reason ? words.order_reasons[hand.reason] : "";
  if (hand.extra) return "追加发言";
  return hand.turns === 0 ? "首次发言" : `第${hand.turns + 1}次`;
}
