//! Why two names match as they do: every reason a reviewer can read, what it costs, and how far it lets a match go. One row each.
//!
//! A small difference leaves a match (85 and more), a doubt is for a person (60 to 79), a no is one (59 and less), whatever else agrees: so the thresholds
//! of document 003 decide as its texts do, and nothing can add up to an approval across a veto. Costs are points of 100: in the kind reading first, then in the
//! strict one. Where a public reference point exists (Setu, Cashfree: `tests/vectors/names/published.json`), they follow it.

/// How far a reason lets a match go; later ones outweigh earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// The same name, written otherwise.
    Small,
    /// A person must look.
    Doubt,
    /// Another person, or none.
    No,
}

impl Weight {
    /// The scores that are possible: lowest and highest.
    pub(super) const fn scores(self) -> (u8, u8) {
        match self {
            Self::Small => (85, 100),
            Self::Doubt => (60, 79),
            Self::No => (0, 59),
        }
    }
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $weight:ident $kind:literal $strict:literal;)*) => {
        /// Why.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Why { $($(#[doc = $doc])+ $name),* }

        impl Why {
            /// The reason's code, how far it lets a match go, and its cost in the kind and in the strict reading.
            pub(super) const fn row(self) -> (&'static str, Weight, u8, u8) {
                match self { $(Self::$name => ($code, Weight::$weight, $kind, $strict)),* }
            }
        }

        /// All codes with what they mean, for documentation.
        #[cfg(test)]
        pub(super) const CODES: &[(&str, &str)] = &[$(($code, concat!($($doc),+))),*];
    };
}

reasons! {
    /// A word is spelt otherwise, or in another script: Laxmi and Lakshmi.
    Spelling "spelling" Small 0 2;
    /// Words are written together on one side: Venkata Ramana.
    Joined "joined" Small 0 2;
    /// The words stand in another order, surname first or last.
    Order "order" Small 0 4;
    /// An initial stands for a word, beside a given name in full: Rakesh K Singh.
    Initial "initial" Small 3 5;
    /// The last word is cut off, as banks do from 20 characters on.
    CutOff "cut_off" Small 4 8;
    /// The relative that one side names as such is left aside: S/O.
    RelativeLeftOut "relative_left_out" Small 1 3;
    /// The account is a non-resident's: NRE, NRO.
    NonResident "nre_nro" Small 0 2;
    /// Initials stand for all given names, or for the father's.
    InitialOnly "initial_only" Doubt 10 30;
    /// Only one side has this initial.
    InitialMissing "initial_missing" Doubt 8 22;
    /// Only one side has this word: a middle name, a surname.
    WordMissing "word_missing" Doubt 12 25;
    /// A common word such as Kumar stands where the other side has another word.
    CommonWord "common_word" Doubt 15 32;
    /// Letters changed places, one is wrong or missing, or the sound is nearly the same.
    Misspelt "misspelt" Doubt 6 25;
    /// A word is the beginning of the other, and the name is too short to have been cut off.
    Beginning "beginning" Doubt 12 32;
    /// A suffix or title is written together with a word on one side only: Hiteshkumar and Hitesh.
    PartMissing "part_missing" Doubt 12 25;
    /// A woman's given name with another surname: perhaps she married.
    OtherSurname "other_surname" Doubt 15 30;
    /// Only one side says in what capacity: Karta, Prop, and Sons.
    Capacity "capacity" Doubt 12 28;
    /// The initials of a firm stand for its words.
    Acronym "acronym" Doubt 8 25;
    /// A Hindu undivided family against a person, perhaps its karta.
    Huf "huf_against_individual" Doubt 12 30;
    /// Given name and father's name changed places.
    OrderExchanged "order_exchanged" Doubt 5 28;
    /// There is a second holder.
    SecondHolder "second_holder" Doubt 5 25;
    /// Another generation: Jr and Sr, II and III, a minor, or only one side says so.
    Generation "generation" Doubt 12 28;
    /// A title or relation is a woman's, the other side's a man's, or the name itself one: Mrs Ramesh Kumar.
    TitleGender "title_gender" Doubt 15 30;
    /// Another relative is named: S/O.
    RelativeDiffers "relative_differs" Doubt 20 35;
    /// Only one side has a legal form.
    LegalFormMissing "legal_form_missing" Doubt 6 22;
    /// There are letters that were not read.
    ScriptNotRead "script_not_read" Doubt 20 40;
    /// The name is longer than is read.
    TooLong "too_long" Doubt 10 30;
    /// Another word in this place.
    OtherName "other_name" No 41 52;
    /// Another name, which merely looks or sounds alike: Suresh and Ramesh.
    SimilarName "similar_name" No 41 52;
    /// A man's name against a woman's: Sunil and Sunila, Singh and Kaur.
    Gender "gender" No 41 52;
    /// An initial that contradicts.
    OtherInitial "other_initial" No 41 50;
    /// Nothing but initials agrees.
    InitialsOnly "initials_only" No 57 72;
    /// No name agrees, at most a common word.
    NothingInCommon "nothing_in_common" No 64 85;
    /// The other side is this one's relative, not this one.
    RelativeNamed "relative_named" No 60 75;
    /// The holder is dead.
    Late "late" No 41 60;
    /// A firm against a person.
    Firm "firm_against_individual" No 41 60;
    /// Another legal person: LLP against private limited.
    LegalForm "legal_form" No 41 55;
    /// There is no name on one side.
    NoName "no_name" No 100 100;
}
