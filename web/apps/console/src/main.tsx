import { setApiLanguage, type Lang } from "@yingda/api";
import { startI18n } from "@yingda/i18n";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { getPrefs } from "./prefs";
import "./index.css";

const language: Lang = getPrefs().language ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
setApiLanguage(language);
await startI18n(language);
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
