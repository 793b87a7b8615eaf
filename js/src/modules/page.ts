// What is the script of a saved page? It carries the library as text, since a file has no address to import another from.

import type { Library } from "../library";

const source = new Blob([contentOf("library")], { type: "text/javascript" });
const address = URL.createObjectURL(source);
const { default: module }: { default: { initialize(): Library } } = await import(address);
URL.revokeObjectURL(address);
module.initialize().openPage(JSON.parse(contentOf("landscape")), document.body);

function contentOf(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}
