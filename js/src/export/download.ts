// How does a file get from a page to a disk, without a server?

const LATER = 60_000;

/** Offer it under a name, as if a link to it had been pressed. */
export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers read it after this has returned.
  setTimeout(() => URL.revokeObjectURL(address), LATER);
}

/** "ResNet-20 on CIFAR" as a file's name. */
export function fileName(title: string, suffix: string): string {
  const plain = title
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  return `${plain || "loss-landscape"}.${suffix}`;
}
