import type { VNode } from "preact";

export { Fragment, h, options, render } from "preact";
export { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
export { batch, computed, effect, signal } from "@preact/signals";
// biome-ignore lint/suspicious/noExplicitAny: a template takes any value, as preact itself does
export declare function html(strings: TemplateStringsArray, ...values: any[]): VNode;
