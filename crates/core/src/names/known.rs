//! What is known of single names, by lists: which are names at all where one letter tells two apart, which are surnames, whose a given name is.
//!
//! All but [`APART`] are by sound, as `sound` and the lexicon fold them. A name that is in no list is not known, and nothing follows from that.
//! Sources: names as Indian documents write them; only those are listed on which a decision depends.

use super::letter_index::LetterIndex;
use super::name::Word;
use super::pair::ends;
use crate::pieces::between;

/// Names of which another one differs by a letter (Meena, Neena; Mehta, Mehra), in alphabetical order.
static NEIGHBOURS: &str = "\
    adil ahad ahmad ajit ajmal akas akil akram akvar alar alka alma alok alpes amal aman amar amin amina amir amit amita amol amrit anas \
    anika anil anita anjana anju ankita anuj anup anvar arav arif aris arjun arman arnav arsad arsid arul arun aruna aryan asa asad asif \
    asim asis aslam asma asmita asok atul avinas avinav ayan ayar ayus azam azim aziz azma cada candan caran cavan caya cetan cintu citra \
    cohan daljit dalvir damini dane dange dangre danis das data davan david deka devan dilip dina dines dipa dipak dipes diraj diren disa \
    divya dole dongre dule duve dya esa fara faran farid faris fazal fesal fezal fida filip gajendra gandi gavade gavande gavare giris \
    gita goge gole gopa gopal gopi gor gori goyel gudi gudu gule gurjit gurmit hamza hande hansa hares hari haris harjit harmit hars harsa \
    hasiv haviv hela hema heva himes hina hinal hira hiran hiren hites hiva huda humza ikram imran indira indra indu irsad isa isak isan \
    islam jadav jahir jamal jamil jamini janvi jasvant jatin javid jaya jignes jindal jines jiten jites juver jya kadu kajal kakar kala \
    kale kali kalid kalita kalpes kamal kamales kamat kamini kamles kamran kanan kancan kande kane kanika kanta karan karima karisma \
    karkar kartar karuna kasif kate kavir kavita ketan kiran kisan kole komal kor kriti kulal kunal lalan lalita lande lata leka lila lina \
    loda lodi lola londe madan madav madu madur madvi mahar mahir mahra mahta majid maksud mala malati malavi mali malik malini malkar \
    mamta manan manav mandal mandip mane mangal mani manika manis manisa manjit manju manmit mansi manvi mari masud matur maya mega mena \
    mihir mila milan mina minal mintu mira misa misra mita mites mitra modi mohan mohini mohit mole mona monika monu mor mrinal murali \
    murari nadim nages naha naim najma nalini nanda nandan nandi naren nares nasim nasir navid navin navya nazim nazir nazya nek nema nena \
    ner nida nila nilam niles nime nimes nina nipa nira niraj nisa nisar nita nite nites nitin nitis palavi palkar pande parek pares parik \
    parul patel patil patkar patra pavan pavar pinki pinku pintu pramila pranav prane pratima prativa pravin pravir priti prya punit \
    punita puri pya pyus racana rada rafik rafya ragni rahan rahana rajan rajani rajat rajendra rajes raju rakes raki rama raman rames \
    rami ramila ramu rana rane rani ranjan ranjana ranjani ranjit rasmi ratan rati raval ravat ravendra ravi raza razya redi reka rena \
    renu rida ridi rima rina rinki rinku risa risav risi rita rites ritu rohan rohini rohit roma rosan rupes rya ryaz sadana sadik safik \
    safya sagar saha sahani sahid sahil sahir sahu sajan sajani sajid sakil sakina salam salim salima salini salma salman sama samar samil \
    samim samima samina samir sandip sane sanjana sanje sanjit sanjiv sankar santa sara sarad sarada sarala saran sarda sarif sarita \
    sarkar sarla sarma satnam sava savana savant savina savir savita savnam sazya sela selvam selvan sema sende seni seti sila silpa sima \
    simran sina sinde siris sita sital smita snaha sodi sofya sohan sohil soma sonal sonam soni sonu sonya sova suda sudir suhel sujan \
    sujit suleka suma suman sumana sumant sumit sumita sunil sunit sunita suprya surajit sureka suri surjit surya susil susma susmita \
    suvir sya syama syamal taha tahir takar takur tala tamim taneja tanis tanuj tanuja tanvi tapa tapan tapas tara taran tarik tarla tarun \
    tina tinku tomar tomas tripati tripti trisa umar umer umes unas usa uzer vagat vahid vala valan valid valjit valraj valram valu valvir \
    valya vanita vanu varma varman varsa varua varun vasim vasir vasu vatra vatya vavana vavita vavli vavlu vavu vavya vedya vela velu \
    vidya vignes vijaya vije vijendra vikram vimal vimala vimla vina vinaya vindal vindu vine vinita vira viral viren virendra visal \
    visval vohra vole vora vose votra vrijendra vupes vuran vusan vuvan yadav yamini yas yasvant zahid zahir zakir zamir zema zeva zuver";

static NEIGHBOURS_INDEX: LetterIndex = LetterIndex::of_words(NEIGHBOURS);
static SURNAMES_INDEX: LetterIndex = LetterIndex::of_words(SURNAMES);
static FATHERS_INDEX: LetterIndex = LetterIndex::of_words(FATHERS);

/// Surnames, in alphabetical order, that no parent gives, and that also stand in pairs (Das Gupta).
const SURNAMES: &str = "\
    agarval ahuja ansari arora ayangar ayar cakravarti catarji codari cohan das dasgupta dastidar data de dese desmuk despande duve \
    ganguli gil gos goyel guha gupta ja jadav jadeja jen josi kan kana kapur kulkarni kuresi mahajan mahta malik malotra menon mirza misra \
    mitra mukarji nedu ner pande patak patan patel patil pile rajput rator re redi sa saksena sandu sarma sayad sek sen seti sidiki sidu \
    sina solanki srivastava sukla takur takurta tivari trivedi vanarji varma vasu vat vatacarya vose vurman yadav";

/// Men's names that are their sons' surnames too, in alphabetical order.
const FATHERS: &str = "\
    akvar ali antoni anvar asraf avas avraham aziz ceryan danyel david filip george hamid hanif harun hasan haviv husen idris ikval irfan ismel \
    ivrahim jakov james jose josef kuryan latif matev nasir petar rafik ram rasid sadik safik samuel simon suleman tomas usman vargis vasir \
    yakuv yunus yusuf";

/// How given names of men end, by sound or as written, and hardly one of a woman: Ramesh, Rajendra, Amit, Sanjay, Anil, Deepak.
const MASCULINE: &str = "esh endra mit hit jit nat raj dev das lal ram nil udin kas je jiv mohan asok dipak vind rav ahmad kval mran gopal jun noj .ravi salman karim tik ankar syam .hari vek tomas .john murugan krisnan";

/// How given names of women end, and hardly one of a man, by sound.
const FEMININE: &str = "\
    ita jata .lata mlata mamta namrata prya sonya rya dika pika nika mina rina lina vina hina sima rima nima tima susila mila .sila lila \
    kila reka leka .asa .usa nisa trisa svini mohini kamini dmini ndini vani lyani drani yasri nusri laksmi jali puja pinki svati arti \
    vati mati nirmala vimala .mala mprava .prava sova suda rada idya ivya avya amya ndya omya nanya naha palavi vesali nali rupali nasrin savnam \
    parvin yasmin .esa zenav rahana zana cana pana ndana sadana gana njana apna rosama sarama .mari .ani elizavet susan kusum suman punam \
    santi maduri gori sveta padma .uma .tara .sara salma asma najma";

/// Surnames of two families that sound alike, as written.
const APART: &str = "\
    dutt:dutta datt:datta dutt:datta datt:dutta shah:shaha roy:rai ray:rai das:dash bora:vora borah:vora bhat:bhatt dar:dhar sethi:shetty \
    sethi:setty sethi:shetti setty:shetty setti:shetty khanna:kanna bala:bhalla balla:bhalla bedi:vedi batra:vatra ghai:gai gaur:gore \
    kher:ker khare:kare khosla:kosla katri:khatri seth:sheth sahu:shahu saha:shaha";

/// Whether a word is in a list of words with spaces between.
#[inline(never)]
pub(super) fn is_in(list: &str, word: &str) -> bool {
    let mut rest = list.as_bytes();
    loop {
        if rest.strip_prefix(word.as_bytes()).is_some_and(|behind| matches!(behind.first(), None | Some(b' '))) {
            return true;
        }
        let Some(space) = rest.iter().position(|&sign| sign == b' ') else { return false };
        rest = rest.get(space.saturating_add(1)..).unwrap_or_default();
    }
}

/// Whether this is a name whose neighbours are names too.
pub(super) fn is_known(sound: &str) -> bool {
    is_in(NEIGHBOURS_INDEX.part(NEIGHBOURS, sound.as_bytes().first()), sound)
}

pub(super) fn is_surname(sound: &str) -> bool {
    is_in(SURNAMES_INDEX.part(SURNAMES, sound.as_bytes().first()), sound)
}

/// Whether the word ends as men's given names do.
#[inline(never)]
pub(super) fn is_mans(word: &Word<'_>) -> bool {
    ends(&word.sound, MASCULINE) || ends(word.text, MASCULINE)
}

/// Whether it is a man's name for sure, and no surname: one that a son may have behind his own. (Das, Raj and Nath are both.)
pub(super) fn is_fathers(word: &Word<'_>) -> bool {
    is_in(FATHERS_INDEX.part(FATHERS, word.sound.as_bytes().first()), &word.sound)
        || word.sound.len() > 3 && is_mans(word) && !is_surname(&word.sound)
}

pub(super) fn is_womans(sound: &str) -> bool {
    ends(sound, FEMININE)
}

/// Whether two words that sound alike are the surnames of two families.
#[inline(never)]
pub(super) fn are_two_families(a: &str, b: &str) -> bool {
    let is_pair = |pair: &str, one, other| pair.strip_prefix(one).and_then(|rest| rest.strip_prefix(':')) == Some(other);
    // None of them is longer.
    a.len().max(b.len()) < 7 && between(APART, b" ").any(|pair| is_pair(pair, a, b) || is_pair(pair, b, a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_order() {
        for list in [NEIGHBOURS, SURNAMES, FATHERS] {
            let names: Vec<_> = between(list, b" ").collect();
            assert!(names.is_sorted_by(|a, b| a < b) && names.iter().all(|name| name.len() > 1));
        }
    }

    #[test]
    fn a_name_is_one_of_its_list() {
        assert!(is_known("mina") && is_known("nina") && !is_known("sarna"));
        assert!(between(APART, b" :").all(|name| name.len() < 7));
        assert!(are_two_families("roy", "rai") && are_two_families("rai", "roy") && !are_two_families("roy", "ray"));
        assert!(is_womans("sunita") && !is_womans("sunil") && is_surname("sarma") && !is_surname("rahul"));
    }
}
