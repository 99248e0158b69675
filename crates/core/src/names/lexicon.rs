//! What single words of a name mean: titles, fillers, account suffixes, firms and legal forms, and spellings that no rule of `sound` brings together.
//!
//! One row of words for each first letter: `word:meaning`, or `word=canonical:meaning` for another spelling; a `*` stands for any ending. Entries
//! with `~` are looked up by sound, and stand as `sound` folds them. A word that is not here is a name like any other. Sources: document
//! 003 sections 2.7, 5 and 8, `vendors.md` 12, and common usage in Indian bank and PAN records.

use super::sound::is_vowel;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Part of the name.
    Name,
    /// "Dr"; "Mr" and "Smt" say a gender too.
    Title(Option<Gender>),
    /// "Major", "Selvi": a title where two more words follow, else a name.
    TitleOrName(Option<Gender>),
    /// "Bhai", "Ben", "Ji": may stand or not.
    Courtesy,
    /// "Kumar", "Singh", "Kaur": half the country is called so.
    Filler(Option<Gender>),
    /// "and", "or": another holder, or a firm's "& Sons".
    And,
    /// "of", "the".
    Noise,
    /// "Account", "joint".
    AccountSuffix,
    /// "NRE", "NRO".
    NonResident,
    /// The holder is dead.
    Late,
    /// A Hindu undivided family.
    Huf,
    /// A relative's name follows, where "of" does.
    Kin,
    /// A relative's name follows.
    KinOf,
    /// What firms are called, never people.
    Firm,
    /// A legal form.
    Legal(Form),
}

/// As titles and fillers tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Man,
    Woman,
}

/// What kind of legal person a firm is, as bits, for a name may carry several ("Private Limited").
pub(super) type Form = u8;
/// Of a private company.
pub(super) const PRIVATE: Form = 1;

/// By first letter, `a` to `z`; meanings are the letters of [`meaning`].
#[rustfmt::skip]
static WORDS: [&str; 26] = [
    "and:& adv:t advocate:t alias:o aka:o account:s ac:s associat*:b agenc*:b agarval~n agraval=agarval~n",
    "bhai:c ben:c behn:c behen:c bai:f begum:f begam=begum:f bibi:f bi=bibi:f bano:f banu=bano:f brig:t brother*:b builder*:b buildwell:b bank:b battery:b bakery:b bros=brother*:b",
    "capt:t captain:4 col:t colonel:t cdr:t cmde:t chand:m care:k compan*:b corporation*:b construct*:b chemical*:b consult*:b contract*:b ceramics:b clinic:b college:b codari~n coduri=codari~n codri=codari~n cakravarti~n cakravorti=cakravarti~n cohan~n cavan=cavan~n current:s corpn=corporation*:b corp=corporation*:b co=compan*:b",
    "dr:t doctor:4 devi:f dada:c didi:c decd:l deceased:l daughter:k developer*:b distribut*:b dairy:b data~n duta=data~n dut=data~n dat=data~n do:4",
    "er:t engr:t estate:l expired:l enterpris*:b export*:b electrical*:b electronic*:b engineer*:b engg=engineer*:b ent=enterpris*:b",
    "flt:t fr:t father:k foundation:D food*:b farm*:b financ*:b fashion*:b fertili*:b furnitur*:b",
    "gen:t garu:c guardian:g goyel~n goyal=goyel~n garment*:b group:b god~n goda=god~n gos~n gose=gos~n",
    "huf:h hony:t hon:t honble:t haji:4 husband:k hospital*:b hotel*:b hardware*:b holding*:b handicraft*:b housing:b",
    "ias:t ips:t inc:I industr*:b infrastructur*:b internation*:b invest*:b india:b infotech:b ind=industr*:b inds=industr*:b intl=internation*:b",
    "justice:4 ji:c jee=ji:c jr:t janab:2 joint:s jt:s jewel*:b",
    "kumar:m kr=kumar:m kumari:f kaur:f kour=kaur:f km:3 kum:3 ku:3 khatun:f khatoon=khatun:f karta:h kitchen*:b",
    "lal:m late:l lt:t ltd=limited:L limited:L llp:E logistic*:b laborator*:b",
    "mr:2 mister:2 mrs:3 ms:3 miss:3 mx:t mst:3 master:5 mstr:2 maj:t major:4 madam:3 minor:s md=mohammed:u mohd=mohammed:u mhd=mohammed:u mohamad=mohammed~u mahamad=mohammed~u muhamad=mohammed~u mahomad=mohammed~u mother:k mandal~n mondal=mandal~n manufactur*:b motor*:b market*:b medical*:b machin*:b mart:b metal*:b mill*:b mahila:b mfg=manufactur*:b mo=mohammed:u mite=mete~n",
    "nre:r nro:r nri:r nair~n ner=nair~n nayar=nair~n nedu~n nayudu=nedu~n nursing:b",
    "of:o or:& opc:O others:o ors:o anr:o",
    "pvt=private:P private:P plc:L prof:t professor:t pt:t pandit:5 prasad:m pd=prasad:m prop:g proprietor:g pastor:4 pharmaceutical*:b product*:b project*:b propert*:b plastic*:b printer*:b publi*:b polymer*:b putra:g putri:g patni:g",
    "",
    "rani:f rev:t retd:t rtd:t rator~n ratod=rator~n restaurant*:b retail*:b",
    "shri:2 sri:2 shree:2 sh:2 sree:2 smt:3 shrimati:3 shreemati:3 srimati:3 shrimathi:3 srimathi:3 sushri:3 sushree:3 sow:3 sau:3 sr:t sir:2 saheb:c sahab:c sahib:c sardar:5 sardarni:3 selvi:6 selvan:5 singh:m sinh=singh:m son:k sons:b society:S samiti:S savings:s saving:s salary:s seik~n sk=sek:n sek~n said~n syed=sayad:n sayad~n sayed=sayad~n sadik~n sidiki~n sidik=sidiki~n solution*:b service*:b system*:b store*:b stationer*:b steel*:b sweet*:b saree*:b software*:b school:b studio*:b star:b shrimti:3 sv:l svargiya:l svargiy:l",
    "the:o thiru:2 tmt:3 thirumathi:3 through:g thru:g trust:T technolog*:b trader*:b trading:b transport*:b travel*:b tour*:b textile*:b tailor*:b tool*:b toy*:b tivari~n tevari=tivari~n",
    "urf:o utensil*:b university:b",
    "ventur*:b vargis~n vargese=vargis~n vatacarya~n vatacarji=vatacarya~n",
    "wife:k widow:k wg:t works:b wagon*:b",
    "",
    "yar=ayar~n",
    "",
];

/// The canonical spelling and the meaning of a word that is in the lexicon as written, else as it sounds.
pub(super) fn look_up(word: &str, sound: &str) -> Option<(&'static str, Meaning)> {
    entry(word, ':').or_else(|| entry(sound, '~'))
}

fn entry(word: &str, mark: char) -> Option<(&'static str, Meaning)> {
    let row = word.bytes().next()?.checked_sub(b'a')?;
    WORDS.get(usize::from(row))?.split(' ').find_map(|entry| {
        let (words, letter) = entry.split_once(mark)?;
        let (key, canonical) = words.split_once('=').unwrap_or((words, words));
        let fits = key.strip_suffix('*').map_or(word == key, |stem| word.starts_with(stem));
        fits.then(|| (canonical, meaning(letter)))
    })
}

fn meaning(letter: &str) -> Meaning {
    use Gender::{Man, Woman};
    match letter {
        "t" => Meaning::Title(None),
        "2" => Meaning::Title(Some(Man)),
        "3" => Meaning::Title(Some(Woman)),
        "4" => Meaning::TitleOrName(None),
        "5" => Meaning::TitleOrName(Some(Man)),
        "6" => Meaning::TitleOrName(Some(Woman)),
        "c" => Meaning::Courtesy,
        "u" => Meaning::Filler(None),
        "m" => Meaning::Filler(Some(Man)),
        "f" => Meaning::Filler(Some(Woman)),
        "&" => Meaning::And,
        "o" => Meaning::Noise,
        "s" => Meaning::AccountSuffix,
        "r" => Meaning::NonResident,
        "l" => Meaning::Late,
        "h" => Meaning::Huf,
        "k" => Meaning::Kin,
        "g" => Meaning::KinOf,
        "b" => Meaning::Firm,
        "P" => Meaning::Legal(PRIVATE),
        "L" => Meaning::Legal(2),
        "E" => Meaning::Legal(4),
        "I" => Meaning::Legal(8),
        "O" => Meaning::Legal(16),
        "S" => Meaning::Legal(32),
        "T" | "D" => Meaning::Legal(64),
        _ => Meaning::Name,
    }
}

/// Whether a firm's word is shortened: its beginning, then at most consonants of it (`mfg`, `bros`, `soln`, `tech`).
pub(super) fn is_abbreviation(short: &str, of: &str) -> bool {
    let shared = short.bytes().zip(of.bytes()).take_while(|(a, b)| a == b).count();
    let rest = short.get(shared..).unwrap_or_default();
    let mut letters = of.get(shared..).unwrap_or_default().chars();
    let is_short = (2..=5).contains(&short.len()) && short.len() < of.len();
    is_short && shared > 0 && rest.chars().all(|c| !is_vowel(c) && letters.any(|letter| letter == c))
}

#[cfg(test)]
mod tests {
    use super::super::sound::sound;
    use super::*;

    #[test]
    fn every_word_stands_in_the_row_of_its_letter_and_sounds_as_it_is_written() {
        for (row, letter) in WORDS.iter().zip('a'..='z') {
            for entry in row.split(' ').filter(|entry| !entry.is_empty()) {
                assert!(entry.starts_with(letter), "{entry}");
                let by_sound = entry.split_once('~').map(|(words, _)| words.split_once('=').map_or(words, |(key, _)| key));
                // A folded `c` is a written `ch`.
                assert!(by_sound.is_none_or(|key| sound(&key.replace('c', "ch")) == key), "{entry}");
                let letters = entry.rsplit([':', '~']).next();
                assert!(letters == Some("n") || meaning(letters.unwrap_or_default()) != Meaning::Name, "{entry}");
            }
        }
    }

    #[test]
    fn firms_shorten_their_words() {
        for (short, of) in [("mfg", "manufacturing"), ("bros", "brothers"), ("soln", "solutions"), ("tech", "technologies"), ("corpn", "corporation"), ("co", "company")] {
            assert!(is_abbreviation(short, of), "{short}");
        }
        assert!(!is_abbreviation("steel", "stationers") && !is_abbreviation("india", "industries") && !is_abbreviation("mart", "motors"));
    }

    #[test]
    fn spellings_meet_in_one_canonical_word() {
        let canonical = |word: &str| look_up(word, &sound(word)).map(|(canonical, _)| canonical);
        for names in ["mohammed mohd md muhammad mohammad mohamed", "chaudhary chowdhury choudhry", "iyer ayyar aiyar", "syed sayyed saiyad sayed"] {
            let all: Vec<_> = names.split(' ').map(|name| canonical(name).map(str::to_owned).unwrap_or_else(|| sound(name))).collect();
            assert!(all.windows(2).all(|pair| pair.first() == pair.last()), "{all:?}");
        }
    }
}
