/**
 * Words by which a key shows what it is: given names, which only people have, and what forms and tables call their
 * columns. Tables without rules; given names that are words or codes as well (Mark, Grace, Max, Ada) are left out on purpose.
 */

/** In lower case and without accents: common ones of the languages that products are most used in. */
export const GIVEN_NAMES: ReadonlySet<string> = new Set(
  (
    'aaron abdul abdullah abigail adam adrian agnieszka ahmed aisha alan albert alejandro alessandro alexander alexandra ' +
    'alexandre alexei ali alice alicia amanda amelia amir amy ana anastasia anders andre andrea andreas andrei andrew angela ' +
    'anil anita anja anna anne annika anthony antoine antonio arjun arthur ashley astrid ayesha barbara beatriz benjamin ' +
    'bernd bjorn bob boris brandon brenda brian bruno camille carlos carmen carol caroline catherine cecilia chloe christina ' +
    'christine christoph christopher claire claudia craig cristina cynthia daniel daniela danielle dave david deborah deepak ' +
    'dennis diego dieter dimitri dmitri dmitry dorothy douglas eduardo edward elena elisabeth elizabeth emily emma enrique ' +
    'eric erik ernst esther ethan eugene eva eve fatima felipe felix fernanda fernando francesca francesco francisco franz ' +
    'frederik friedrich gabriel gary george georg gerald gerhard gianni giorgio giovanni giulia giuseppe gonzalo gregory ' +
    'guillaume gustavo hannah hans harold harry hassan heather heidi heinrich helen helena helmut henrik henry hiroshi ' +
    'hugo ian ibrahim igor ines ingrid irina isaac isabel isabella ivan jack jacob jakub james jamie jan jane janet jason ' +
    'javier jean jeffrey jennifer jens jeremy jesse jessica joan joanna joao johan johann johannes john jonas jonathan jorge ' +
    'jose joseph joshua juan juergen julia julian julie jurgen karen karin karl katarzyna katherine kathleen keith kenji ' +
    'kenneth kevin khalid klaus krzysztof kumar larry lars laura lauren leila leonardo liam linda lisa louise luca lucas ' +
    'lucia luigi luis lukas magdalena malgorzata manuel marcel marco marcos marek margaret maria marie marina mario marta ' +
    'martha martin martina mary mateusz matthew matthias maurice megan mehmet melissa michael michel michelle miguel mikael ' +
    'mike mohamed mohammad mohammed monika muhammad mustafa nancy naomi natalia natalie natasha nathan nicholas nicolas ' +
    'nicole nikita nikolai nina noah olga oliver olivia olivier omar pablo pamela patricia patrick paul paula pauline pawel ' +
    'pedro peter philip philippe pierre piotr priya rachel rafael rahul rajesh ralph raymond rebecca renate ricardo richard ' +
    'robert roberto rodrigo roger roland ronald ruth ryan sabine samantha samuel sandra sanjay sara sarah sebastian sergei ' +
    'sergey sergio sharon simon sofia sophia sophie stefan stefania stephanie stephen steven sunil susan susanne suzanne ' +
    'svetlana sven takashi tatiana teresa theresa thomas timothy tobias tomas tomasz tyler ulrich ursula valentina vanessa ' +
    'vikram vincent vladimir walter wilhelm wolfgang xavier yasmin yosef youssef yuki yusuf zoe zuzana'
  ).split(' '),
);

/** What a key of several capitalised words has that is a label: `First Name`, `Order Total`, `Ship To`. */
export const LABEL_WORDS: ReadonlySet<string> = new Set(
  (
    'a account action active address age agent all amount an and answer approved area assigned assignee at attribute author ' +
    'balance bank bill billing birth body brand browser budget business by campaign cancelled card cart case category cell ' +
    'channel check city class client close closed code color colour column comment comments company completed condition ' +
    'contact content cost count country county created currency current custom customer data date day days deal delivery ' +
    'department description detail details device discount district do document does due duration email employee end entry ' +
    'error estimated event expected external family fax fee field file files first flag for form format from full gender ' +
    'general given group has head height home hour hours how html id image in index industry info information internal ' +
    'invoice is issue item items job key label language last lead legal length level line link list location logo mail ' +
    'manager mailing member message method middle mobile mode model modified month my name new next no note notes number of ' +
    'old on open opportunity option or order organisation organization origin other our out owner page paid parent part ' +
    'partner password payment percent period person phone photo pipeline place plan point points position postal postcode ' +
    'preferred previous price primary priority product profile project property province purchase quantity question rate ' +
    'rating reason record ref reference referrer region reply report request required result revenue review role room row ' +
    'sales score secondary section service session shipping short size source stage start state status step store street ' +
    'subject submitted subscription success summary supplier support surname tag tags target task tax team telephone term ' +
    'terms test text the ticket time timezone title to token total tracking transaction type unit until updated url use ' +
    'user username value vat vendor version via view visit warehouse was website week weight what when where which who ' +
    'width with work year yes you your zip zone'
  ).split(' '),
);
