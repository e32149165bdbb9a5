package agent

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// SkillID names a skill.
type SkillID = id.ID[skillNoun]

type skillNoun struct{}

func (skillNoun) Prefix() string { return "sk" }

// NewSkillID returns the id of a skill made at a time.
func NewSkillID(at time.Time) SkillID { return id.New[skillNoun](at) }

// Skill is something that not everybody can do and some customers need: a
// language, high-voltage batteries, complaints (技能).
type Skill struct {
	ID       SkillID `json:"id"`
	Name     string  `json:"name"`
	Language string  `json:"language,omitzero"` // zh or en: customers of this language need it
	Holders  int     `json:"holders"`           // agents who have it now, and may work
}

// MostLevel is the level of an expert; 1 is a beginner.
const MostLevel = 5

// Check says what is wrong with what an administrator typed.
func (s Skill) Check() error {
	switch {
	case strings.TrimSpace(s.Name) == "" || utf8.RuneCountInString(s.Name) > 40:
		return fault.New(fault.Invalid, "skill.name", "the name of a skill has 1 to %d characters", 40).In("name")
	case s.Language != "" && s.Language != "zh" && s.Language != "en":
		return fault.New(fault.Invalid, "agent.language", "the language is zh or en").In("language")
	}
	return nil
}

// CertificateID names a certificate of an agent (package certificate).
type CertificateID = id.ID[certificateNoun]

type certificateNoun struct{}

func (certificateNoun) Prefix() string { return "ce" }

// NewCertificateID returns the id of a certificate entered at a time.
func NewCertificateID(at time.Time) CertificateID { return id.New[certificateNoun](at) }

// Skilled is how well an agent has a skill, and by which certificate (R168).
// What a certificate vouches for counts no longer than it.
type Skilled struct {
	Skill           SkillID       `json:"skill_id"`
	Level           int           `json:"level"`                   // 1 to 5
	Certificate     CertificateID `json:"certificate_id,omitzero"` // zero: none is needed
	CertificateName string        `json:"certificate,omitzero"`    // only read
	Expires         string        `json:"expires_on,omitzero"`     // only read: the certificate's last day; empty: it holds for good
}

// Check says what is wrong with what an administrator typed.
func (s Skilled) Check() error {
	switch {
	case s.Skill.IsZero():
		return fault.New(fault.Invalid, "skill.missing", "choose a skill").In("skills")
	case s.Level < 1 || s.Level > MostLevel:
		return fault.New(fault.Invalid, "skill.level", "a level is 1 to %d", MostLevel).In("skills")
	}
	return nil
}
