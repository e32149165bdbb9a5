// Runs before the first paint, so that a dark console never flashes white.
(function () {
  var theme = "system";
  try {
    theme = (JSON.parse(localStorage.getItem("yingda.prefs") || "{}") || {}).theme || "system";
  } catch {
    // without storage the system decides
  }
  var dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();
