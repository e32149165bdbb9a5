/** The first screen: a greeting, what others ask, and the way to a person. */
import { talking, unattended } from "./chat";
import { Icon } from "./icons";
import type { ViewProps } from "./panel";

export function Home({ chat }: ViewProps) {
  const { state } = chat;
  const { words, config, view } = state;
  const { greeting, hot_questions, open, after_hours, hours_text } = config!;
  return (
    <div class="home">
      <div class="hero">
        <h2>{greeting || words.hello}</h2>
        {hours_text && <p>{hours_text}</p>}
      </div>
      {view && (
        <button class="card link" onClick={() => chat.show("talk")}>
          <Icon name="chat" /><span>{talking(state) ? words.resume : words.last}</span><Icon name="next" />
        </button>
      )}
      {!open && after_hours && <p class="card hours">{after_hours}</p>}
      {hot_questions.length > 0 && !unattended(state) && (
        <div class="card">
          <h3>{words.hot}</h3>
          <ul>
            {hot_questions.map((hot) => (
              <li key={hot.id}>
                <button class="link" onClick={() => chat.say({ text: hot.question, choice: hot.id })}><span>{hot.question}</span><Icon name="next" /></button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="pair">
        {!unattended(state) && <button class="card link" onClick={chat.human}><Icon name="person" /><span>{words.human}</span></button>}
        <button class="card link" onClick={() => chat.show("leave")}><Icon name="file" /><span>{words.leave}</span></button>
      </div>
    </div>
  );
}
