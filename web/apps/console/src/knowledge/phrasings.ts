/** From this many phrasings on, the assistant recognises a question well. */
export const enoughPhrasings = 5;
