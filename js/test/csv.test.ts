import { expect, test } from "vitest";
import { csvOf } from "../src/export/csv";
import { fromMessage } from "../src/store/tell";
import { metrics, surfaceMessage } from "./messages";

test.each(["=", "+", "-", "@", "\t", "\r"])("a name that begins with %j is no formula", (begin) => {
  const name = `${begin}HYPERLINK("https://x.invalid","open")`;
  const named = metrics.slice(0, 1).map((metric) => ({ ...metric, name }));
  const { values, errors, ...message } = surfaceMessage({ metrics: named, points: [name] });
  const surface = fromMessage({ ...message, values: values.slice(46), errors: errors.slice(46) });
  const table = csvOf(surface);
  const quoted = `"'${name.replaceAll('"', '""')}"`;
  expect(table).toContain(`x,y,point,state,${quoted},`);
  expect(table).toContain(`0,0,${quoted},unknown`);
});
