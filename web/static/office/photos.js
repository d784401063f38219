// Photos are made smaller before they are sent: phones take pictures the server refuses, and lines are slow.
// Where a web view cannot do this, the files are sent as they are.

const LONGEST_SIDE = 1600;
const QUALITY = 0.85;

/**
 * @param {File} file
 * @returns {Promise<File>}
 */
async function shrink(file) {
  const picture = new Image();
  const address = URL.createObjectURL(file);
  try {
    picture.src = address;
    await picture.decode();
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
    const brush = canvas.getContext("2d");
    if (!brush) return file;
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob instanceof Blob && blob.size < file.size
      ? new File([blob], "photo.jpg", { type: "image/jpeg" })
      : file;
  } catch {
    return file;
  } finally {
    URL.revokeObjectURL(address);
  }
}

const input = document.getElementById("photos");
if (input instanceof HTMLInputElement && typeof DataTransfer === "function") {
  input.addEventListener("change", async () => {
    const button = document.querySelector("#report button[type=submit]");
    if (!(button instanceof HTMLButtonElement) || !input.files) return;
    button.disabled = true;
    try {
      const chosen = new DataTransfer();
      for (const file of Array.from(input.files)) chosen.items.add(await shrink(file));
      input.files = chosen.files;
    } finally {
      button.disabled = false;
    }
  });
}
