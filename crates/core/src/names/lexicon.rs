//! What single words of a name mean: titles, fillers, account suffixes, firms and legal forms, and spellings that no rule of `sound` brings together.
//!
//! Two alphabetical lists of `word:meaning`, `word=canonical:meaning` for another spelling, and `word=canonical` for one of a name; a `*` stands for any
//! ending. The first has words as they are written, the second, and all that is canonical, as `sound` folds them. A word that is in neither is a name like any other. Sources: document 003 sections
//! 2.7, 5 and 8, and common usage in Indian bank and PAN records.

use std::cmp::Ordering;

use super::letter_index::LetterIndex;
use super::sound::is_vowel;
use crate::pieces::at_first;

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
    /// "anr", "ors", "survivor": other holders, without their names.
    Others,
    /// "Karta", "Prop": in what capacity the holder is one.
    Capacity,
    /// "Account", "joint".
    AccountSuffix,
    /// "NRE", "NRO".
    NonResident,
    /// "Jr", "II", "Minor": tells a son from the father of the same name, and whose account it is.
    Generation,
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
/// Of a society.
pub(super) const SOCIETY: Form = 32;

/// As written, in alphabetical order; meanings are the letters of [`meaning`].
static WRITTEN: &str = "\
    a/c:s ac:s account:s admiral:t adv:t advocate:t agenc*:b aka:o alhaj:t alias:o and:& another:q anr:q anyone:o associat*:b b/o*:g bai:f \
    bakery:b bank:b bano:f banu=vano:f battery:b bee=vivi:f begam=vegum:f begum:f behen:c behn:c ben:c bhai:c bi=vivi:f bibi:f brig:t \
    brigadier:t bros=brother*:b brother*:b builder*:b buildwell:b c/o*:g ca:4 capt:t captain:4 care:k cc:s cdr:t ceramics:b cghs:S chand:m \
    chemical*:b chs:S clinic:b cmde:t co=compan*:b col:t college:b colonel:t commander:t compan*:b constn=construct*:b construct*:b \
    consult*:b contract*:b coop=cooperativ*:b cooperativ*:b corp=corporation*:b corpn=corporation*:b corporation*:b cs:4 current:s d/o*:g \
    dada:c dairy:b daughter:k decd:l deceased:l developer*:b devi:f didi:c distribut*:b do:4 doctor:4 dr:t either:o electrical*:b \
    electronic*:b engg=engineer*:b engineer*:b engr:t ent=enterpris*:b enterpris*:b eors:q er:t estate:l expired:l export*:b f/g*:g f/o*:g \
    farms:b fashion*:b father:k fertili*:b financ*:b flt:t foods:b former:o foundation:D fr:t furnitur*:b garment:b garments=garment:b \
    garu:c gen:t gp:t group:b guardian:g h/o*:g haji:4 handicraft*:b hardware*:b havildar:4 holding*:b hon:t honble:t hony:t hospital*:b \
    hotel:b hotels=hotel:b housing:b hsg:b huf:h husband:k ias:t ii=do:j iii=tin:j inc:I ind=industr*:b india:b inds=industr*:b industr*:b \
    infotech:b infrastructur*:b internation*:b intl=internation*:b invest*:b ips:t janab:2 jee=ji:c jewell*:b jewels=jewell*:b ji:c joint:s \
    jr:j jt:s junior=jr:j justice:4 karta:z kaur:f khatoon=katun:f khatun:f kitchen*:b km:3 kour=kor:f kr=kumar:m ku:3 kum:3 kumar:m \
    kumari:f laborator*:b lal:m late:l ldr:t limited:L llp:E logistic*:b lt:t ltd=limited:L m/g*:g m/o*:g m/s:o machin*:b madam:3 mahila:b \
    maj:t major:4 manufactur*:b market*:b mart:b master:5 maulana:4 maulvi:4 md=mahamad:u medical*:b messrs:o metal:b metals=metal:b \
    mfg=manufactur*:b mhd=mahamad:u mills:b minor:j miss:3 mister:2 mo=mahamad:u moh=mahamad:u mohd=mahamad:u mohm=mahamad:u mohtarma:3 \
    mother:k motor:b motors=motor:b mr:2 mrs:3 ms:3 mst:3 mstr:2 muhd=mahamad:u mx:t nre:r nri:r nro:r nursing:b od:s of:o opc:O operative:b \
    or:& ors:q others:q pandit:5 pastor:4 patni=w/o*:g pd=prasad:m pharma=pharmaceutical*:b pharmaceutical*:b plastic*:b plc:L polymer*:b \
    prasad:m printer:b printers=printar:b private:P product*:b prof:t professor:t project*:b prop=prap:z propert*:b proprietor=prap:z \
    proprietress=prap:z pt:t publication*:b publisher*:b putra=s/o*:g putri=d/o*:g pvt=private:P rani:f restaurant*:b retail*:b retd:t rev:t \
    rtd:t s/o*:g sahab:c saheb:c sahib:c salary:s samiti:S sardar:5 sardarni:3 saree:b sarees=sari:b sau:3 saving:s savings:s sb:s school:b \
    selvan:5 selvi:6 senior=sr:j service:b services=sarvise:b sgt:t sh:2 shaha=sa shree:2 shreemati:3 shri:2 shrimathi:3 shrimati:3 singh:m \
    sinh=sing:m sir:2 sister:t smt:3 soc:S society:S software*:b solution*:b son:k sons:b sow:3 sqn:t sr:j sree:2 sri:2 srimathi:3 srimati:3 \
    star:b stationer*:b steel:b steels=stil:b store:b stores=stor:b studio:b studios=studyo:b subedar:4 survivor:q sushree:3 sushri:3 \
    svargiy:l svargiya:l swami:4 sweets:b system:b systems=sistem:b tailor*:b tech=technolog*:b technolog*:b textile*:b the:o thiru:2 \
    thirumathi:3 through:g thru:g tmt:3 tools:b tours:b toys:b trader*:b trading:b transport*:b travel*:b trust:T u/g*:g undivided:h \
    university:b urf:o utensil*:b ventur*:b w/o*:g wagon:b wagons=vagon:b wg:t widow:k wife:k works:b";

/// By sound, likewise.
static HEARD: &str = "\
    agraval=agarval ahemad=ahmad avdud=avdul avdur=avdul avdus=avdul ayesa=esa ayisa=esa cakravorti=cakravarti candar=candra \
    catopad*=catarji codri=codari coduri=codari dat=data desoza=dsoza dsuza=dsoza dut=data duta=data ekval=ikval emran=imran eslam=islam \
    esmel=ismel evrahim=ivrahim fazlur=fazlul gangopad*=ganguli goda=god gose=gos goyal=goyel hok=hak huk=hak indar=indra ismayil=ismel \
    javed=javid jorj=george jorja=george joya=jaya mahamad:u mahamod=mahamad:u maheta=mahta mahmad=mahamad:u mahomad=mahamad:u mite=mete \
    mohmad=mahamad:u mohumad=mahamad:u mondal=mandal muhamad=mahamad:u muhmad=mahamad:u muhumad=mahamad:u mukopad*=mukarji nayar=nar \
    nayudu=nedu ratod=rator ravu=rav ro=rav rohman=rahman sayed=sayad sidik=sidiki sk=sek syad=sayad syed=sayad tevari=tivari udaya=ude \
    vandopad*=vanarji vandyopad*=vanarji vargese=vargis vatacarji=vatacarya vivi:f yar=ayar yusaf=yusuf yusef=yusuf";

/// The canonical sound and the meaning of a word that is in the lexicon as written, else as it sounds.
pub(super) fn look_up(word: &str, sound: &str) -> Option<(&'static str, Meaning)> {
    find(WRITTEN, &WRITTEN_INDEX, word).or_else(|| find(HEARD, &HEARD_INDEX, sound))
}

static WRITTEN_INDEX: LetterIndex = LetterIndex::of_words(WRITTEN);
static HEARD_INDEX: LetterIndex = LetterIndex::of_words(HEARD);

/// Halves the words with the same first letter until the word is found.
fn find(list: &'static str, index: &LetterIndex, word: &str) -> Option<(&'static str, Meaning)> {
    let mut list = index.part(list, word.as_bytes().first());
    while !list.is_empty() {
        let before = list.as_bytes().get(..list.len() / 2)?.iter().rposition(|&letter| letter == b' ');
        let start = before.map_or(0, |space| space.saturating_add(1));
        let entry = list.get(start..)?;
        match order(entry, word) {
            Ordering::Equal => return Some(told(entry)),
            Ordering::Less => list = entry.get(entry.bytes().position(|letter| letter == b' ')?.saturating_add(1)..)?,
            Ordering::Greater => list = list.get(..before?)?,
        }
    }
    None
}

/// How the key that `entries` begin with stands to a word; its `*` stands for any ending.
fn order(entries: &str, word: &str) -> Ordering {
    let mut letters = word.bytes();
    for letter in entries.bytes() {
        match (letter, letters.next()) {
            (b'*', _) | (b':' | b'=', None) => return Ordering::Equal,
            (b':' | b'=', Some(_)) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (letter, Some(other)) if letter != other => return letter.cmp(&other),
            _ => {}
        }
    }
    Ordering::Less
}

/// What the first of the entries says: the canonical sound, empty where it is the word's own, or a stem with its `*`; and the meaning.
fn told(entries: &'static str) -> (&'static str, Meaning) {
    let entry = at_first(entries, b" ").map_or(entries, |(entry, _)| entry);
    let (words, letter) = at_first(entry, b":").unwrap_or((entry, ""));
    let own = if words.ends_with('*') { words } else { "" };
    (at_first(words, b"=").map_or(own, |(_, canonical)| canonical), meaning(letter.bytes().next().unwrap_or_default()))
}

fn meaning(letter: u8) -> Meaning {
    use Gender::{Man, Woman};
    match letter {
        b't' => Meaning::Title(None),
        b'2' => Meaning::Title(Some(Man)),
        b'3' => Meaning::Title(Some(Woman)),
        b'4' => Meaning::TitleOrName(None),
        b'5' => Meaning::TitleOrName(Some(Man)),
        b'6' => Meaning::TitleOrName(Some(Woman)),
        b'c' => Meaning::Courtesy,
        b'u' => Meaning::Filler(None),
        b'm' => Meaning::Filler(Some(Man)),
        b'f' => Meaning::Filler(Some(Woman)),
        b'&' => Meaning::And,
        b'o' => Meaning::Noise,
        b'q' => Meaning::Others,
        b'z' => Meaning::Capacity,
        b's' => Meaning::AccountSuffix,
        b'r' => Meaning::NonResident,
        b'l' => Meaning::Late,
        b'j' => Meaning::Generation,
        b'h' => Meaning::Huf,
        b'k' => Meaning::Kin,
        b'g' => Meaning::KinOf,
        b'b' => Meaning::Firm,
        b'P' => Meaning::Legal(PRIVATE),
        b'L' => Meaning::Legal(2),
        b'E' => Meaning::Legal(4),
        b'I' => Meaning::Legal(8),
        b'O' => Meaning::Legal(16),
        b'S' => Meaning::Legal(SOCIETY),
        b'T' => Meaning::Legal(64),
        b'D' => Meaning::Legal(128),
        _ => Meaning::Name,
    }
}

/// Whether a firm's word is shortened: its beginning, then at most consonants of it (`mfg`, `bros`, `soln`, `tech`).
pub(super) fn is_abbreviation(short: &str, of: &str) -> bool {
    let (mut shared, mut letters) = (0_u8, of.bytes());
    let mut begins = true;
    for letter in short.bytes() {
        let next = letters.next();
        begins &= next == Some(letter);
        shared |= u8::from(begins);
        if !begins && (is_vowel(letter) || next != Some(letter) && !letters.any(|next| next == letter)) {
            return false;
        }
    }
    (2..=5).contains(&short.len()) && short.len() < of.len() && shared > 0
}

#[cfg(test)]
mod tests {
    use super::super::name::heard;
    use super::super::sound::sound;
    use super::*;

    fn key(entry: &str) -> &str {
        entry.split([':', '=']).next().unwrap_or_default()
    }

    #[test]
    fn every_word_can_be_found_in_its_place() {
        for (list, index) in [(WRITTEN, &WRITTEN_INDEX), (HEARD, &HEARD_INDEX)] {
            let keys: Vec<_> = list.split(' ').map(|entry| key(entry).trim_end_matches('*')).collect();
            assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
            for entry in list.split(' ') {
                let key = key(entry).trim_end_matches('*');
                assert_eq!(find(list, index, key), Some(told(entry)), "{entry}");
                assert_eq!(entry.contains(':'), told(entry).1 != Meaning::Name, "{entry}");
            }
        }
    }

    #[test]
    fn what_is_looked_up_by_sound_stands_as_it_sounds() {
        for key in HEARD.split(' ').map(key) {
            // A folded `c` is a written `ch`.
            assert_eq!(sound(&key.replace('c', "ch")), key);
        }
    }

    #[test]
    fn firms_shorten_their_words() {
        for (short, of) in [
            ("mfg", "manufacturing"),
            ("bros", "brothers"),
            ("soln", "solutions"),
            ("tech", "technologies"),
            ("corpn", "corporation"),
            ("co", "company"),
        ] {
            assert!(is_abbreviation(short, of), "{short}");
        }
        assert!(!is_abbreviation("steel", "stationers") && !is_abbreviation("india", "industries") && !is_abbreviation("mart", "motors"));
    }

    #[test]
    fn spellings_meet_in_one_canonical_word() {
        let canonical = |word: &str| heard(word).0;
        for names in
            ["mohammed mohd md muhammad mohammad mohamed", "chaudhary chowdhury choudhry", "iyer ayyar aiyar", "syed sayyed saiyad sayed"]
        {
            let all: Vec<_> = names.split(' ').map(canonical).collect();
            assert!(all.windows(2).all(|pair| pair.first() == pair.last()), "{all:?}");
        }
    }
}
