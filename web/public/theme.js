// Runs before the first paint, so that a dark page never flashes light. Kept apart from the page because its policy allows no inline scripts.
try {
  var preferences = JSON.parse(localStorage.getItem("omni.preferences") || "{}");
  if (preferences.theme === "dark" || preferences.theme === "light") {
    document.documentElement.dataset.theme = preferences.theme;
  }
} catch {
  // No storage, or not ours: the system's theme shows.
}
