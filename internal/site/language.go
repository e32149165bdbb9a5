package site

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"

	"yingda/internal/domain/phrase"
)

//go:embed words/*.json
var wordFiles embed.FS

// catalogues hold the words of the pages by language and key.
var catalogues = map[string]map[string]string{"zh": words("zh"), "en": words("en")}

func words(lang string) map[string]string {
	b, err := wordFiles.ReadFile("words/" + lang + ".json")
	if err != nil {
		panic(err)
	}
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		panic(fmt.Errorf("words/%s.json: %w", lang, err))
	}
	return m
}

// say returns the words of a key with its arguments in place.
func say(lang, key string, args ...any) (string, error) {
	text, ok := catalogues[lang][key]
	if !ok {
		return "", fmt.Errorf("the %s catalogue has no %q", lang, key)
	}
	if len(args) == 0 {
		return text, nil
	}
	return fmt.Sprintf(text, args...), nil
}

const languageCookie = "yingda_lang"

// languageAsked returns the language that the address names, or "".
func languageAsked(r *http.Request) string {
	if l := r.URL.Query().Get("lang"); catalogues[l] != nil {
		return l
	}
	return ""
}

// languageOf returns the reader's language: the one in the address, else the
// one chosen before, else the browser's. Chinese where nothing speaks against it.
func languageOf(r *http.Request) string {
	if l := languageAsked(r); l != "" {
		return l
	}
	if c, err := r.Cookie(languageCookie); err == nil && catalogues[c.Value] != nil {
		return c.Value
	}
	return phrase.Language(r.Header.Get("Accept-Language"))
}

func rememberLanguage(w http.ResponseWriter, lang string) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // a language is no secret, and the site may be plain HTTP
		Name: languageCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600,
		SameSite: http.SameSiteLaxMode, HttpOnly: true,
	})
}
