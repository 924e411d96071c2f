#include "services/auth/secret/common_passwords.h"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <set>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/auth/secret/password_form.h"

namespace usher::auth {
namespace {

// Written down for usher; --common_passwords takes a longer list from a file.
constexpr absl::string_view kCommon[] = {
    "!qaz2wsx",       "!qaz@wsx",        "00000000",       "000000000",      "0000000000",
    "01011980",       "01011990",        "01012000",       "01234567",       "0123456789",
    "0987654321",     "10203040",        "102030405060",   "11111111",       "111111111",
    "1111111111",     "11112222",        "11223344",       "1122334455",     "112233445566",
    "12121212",       "123123123",       "123321123",      "12341234",       "12344321",
    "123454321",      "1234554321",      "12345678",       "123456789",      "1234567890",
    "12345678910",    "123456789a",      "123456789q",     "12345678a",      "1234567a",
    "1234abcd",       "1234asdf",        "1234qwer",       "123698745",      "13131313",
    "147258369",      "147852369",       "159357159",      "159357456",      "159753159",
    "1a2b3c4d",       "1q2w3e4r",        "1q2w3e4r5t",     "1q2w3e4r5t6y",   "1qaz1qaz",
    "1qaz2wsx",       "1qaz2wsx3edc",    "1qaz@wsx",       "1qazxsw2",       "22222222",
    "2wsx3edc",       "321321321",       "33333333",       "369258147",      "44444444",
    "55555555",       "66666666",        "741852963",      "77777777",       "789456123",
    "87654321",       "88888888",        "98765432",       "987654321",      "9876543210",
    "99999999",       "a12345678",       "a123456789",     "a1b2c3d4",       "a1b2c3d4e5",
    "aa123456",       "aa12345678",      "aaaaaaaa",       "aaaaaaaaaa",     "abc12345",
    "abc123456",      "abc123abc",       "abc@1234",       "abcd1234",       "abcd12345",
    "abcd@1234",      "abcde123",        "abcdef123",      "abcdefgh",       "abcdefghi",
    "access14",       "admin123",        "admin1234",      "admin12345",     "admin123456",
    "admin2020",      "admin2021",       "admin2022",      "admin2023",      "admin2024",
    "admin2025",      "admin@123",       "admin@1234",     "adminadmin",     "administrator",
    "administrator1", "adminpassword",   "alexander",      "alexander1",     "alexandra",
    "alfaview",       "alfaview1",       "alfaview123",    "america1",       "andrew123",
    "angel123",       "angels123",       "anthony1",       "arsenal1",       "as123456",
    "asd12345",       "asd123456",       "asdf1234",       "asdfasdf",       "asdfghjk",
    "asdfghjkl",      "asdfqwer",        "ashley12",       "australia1",     "autumn2024",
    "autumn2025",     "autumn2026",      "babyblue",       "babygirl",       "babygirl1",
    "barcelona",      "barcelona1",      "baseball",       "baseball1",      "baseball12",
    "basketball",     "basketball1",     "batman123",      "bayern123",      "benjamin",
    "benjamin1",      "berlin123",       "blahblah",       "blink182",       "bonjour1",
    "bonjour123",     "business1",       "buster123",      "butterfly",      "butterfly1",
    "changeit1",      "changeme",        "changeme1",      "changeme123",    "charlie1",
    "charlie123",     "cheesecake",      "chelsea1",       "chocolate",      "chocolate1",
    "christian",      "cisco123",        "cocacola",       "cocacola1",      "company1",
    "company123",     "computer",        "computer1",      "computer123",    "conference",
    "conference1",    "contrasena",      "contraseña",     "cookie123",      "corona2020",
    "corvette",       "covid2020",       "daniel12",       "daniel123",      "database1",
    "debian123",      "december",        "default1",       "default123",     "demo1234",
    "demodemo",       "deutschland",     "deutschland1",   "dolphin1",       "dolphins",
    "dortmund",       "dragon12",        "dragon123",      "einstein",       "elephant",
    "elizabeth",      "elizabeth1",      "facebook",       "facebook1",      "ferrari1",
    "foobar123",      "football",        "football1",      "football12",     "football123",
    "forever1",       "forever21",       "fortnite",       "fortnite1",      "freedom1",
    "friends1",       "friendship",      "fruhling2025",   "fussball",       "gateway1",
    "geheim123",      "geheimnis",       "germany1",       "ginger12",       "golfgolf",
    "google123",      "guest123",        "guest1234",      "guestguest",     "hallo123",
    "hallo1234",      "hallohallo",      "hamburg1",       "harleydavidson", "hello123",
    "hello1234",      "hellohello",      "hellokitty",     "helloworld",     "helloworld1",
    "herbst2024",     "herbst2025",      "herbst2026",     "hockey123",      "hunter12",
    "hunter123",      "ichliebedich",    "ilovegod",       "iloveme1",       "iloveyou",
    "iloveyou!",      "iloveyou1",       "iloveyou12",     "iloveyou123",    "iloveyou2",
    "india@123",      "instagram",       "internet",       "internet1",      "isabella",
    "january1",       "jennifer",        "jennifer1",      "jessica1",       "jonathan",
    "jordan123",      "jordan23",        "juventus",       "killer123",      "kittycat",
    "konferenz",      "letmein1",        "letmein12",      "letmein123",     "letmein1234",
    "letmeinnow",     "linkedin",        "linux123",       "liverpool",      "liverpool1",
    "london123",      "lovelove",        "lovely12",       "loveme123",      "loveyou1",
    "manchester",     "master12",        "master123",      "matthew1",       "maverick",
    "maverick1",      "meeting1",        "meeting123",     "mercedes",       "mercedes1",
    "metallica",      "metallica1",      "michael1",       "michael123",     "michelle",
    "michelle1",      "microsoft",       "midnight",       "midnight1",      "minecraft",
    "minecraft1",     "monday123",       "monkey12",       "monkey123",      "monkey1234",
    "motdepasse",     "mustang1",        "mypassw0rd",     "mypassword",     "mypassword1",
    "mysql123",       "netflix1",        "newpassword",    "nicholas",       "nintendo",
    "nirvana1",       "nothing1",        "november",       "october1",       "office123",
    "office365",      "oldpassword",     "oracle123",      "p@$$w0rd",       "p@$$word",
    "p@ss1234",       "p@ssw0rd",        "p@ssw0rd!",      "p@ssw0rd1",      "p@ssword",
    "p@ssword1",      "pa$$w0rd",        "pa$$word",       "pa55w0rd",       "pa55word",
    "parola123",      "pass1234",        "pass12345",      "pass123456",     "pass@123",
    "pass@1234",      "passpass",        "passpass1",      "passw0rd",       "passw0rd!",
    "passw0rd1",      "passw@rd",        "passw@rd1",      "password",       "password!",
    "password01",     "password1",       "password1!",     "password12",     "password123",
    "password123!",   "password1234",    "password12345",  "password2",      "password2020",
    "password2021",   "password2022",    "password2023",   "password2024",   "password2025",
    "password2026",   "password3",       "password7",      "password99",     "passwort",
    "passwort!",      "passwort1",       "passwort12",     "passwort123",    "passwort1234",
    "patricia",       "pepper123",       "phoenix1",       "pikachu1",       "pineapple",
    "playstation",    "pokemon1",        "pokemon123",     "porsche911",     "postgres",
    "postgres1",      "princess",        "princess1",      "princess12",     "princess123",
    "q1w2e3r4",       "q1w2e3r4t5",      "q1w2e3r4t5y6",   "qazwsx123",      "qazwsxedc",
    "qq123456",       "qwe12345",        "qwe123456",      "qweasd123",      "qweasdzxc",
    "qweqweqwe",      "qwer1234",        "qwer12345",      "qwerasdf",       "qwerqwer",
    "qwerty12",       "qwerty123",       "qwerty1234",     "qwerty12345",    "qwerty123456",
    "qwerty@123",     "qwertyui",        "qwertyuiop",     "qwertyuiop123",  "qwertz123",
    "qwertzui",       "qwertzuiop",      "raspberry",      "realmadrid",     "root1234",
    "root12345",      "rootpassword",    "rootroot",       "samantha",       "samantha1",
    "samsung1",       "samsung123",      "schalke04",      "scooter1",       "secret12",
    "secret123",      "secretsecret",    "senha123",       "september",      "server123",
    "shadow12",       "shadow123",       "slipknot",       "slipknot1",      "snapchat",
    "snickers",       "soccer12",        "soccer123",      "sommer2024",     "sommer2025",
    "sommer2026",     "spiderman",       "spiderman1",     "spring2024",     "spring2025",
    "spring2026",     "starwars",        "starwars1",      "strawberry",     "summer2020",
    "summer2021",     "summer2022",      "summer2023",     "summer2024",     "summer2025",
    "summer2026",     "sunshine",        "sunshine1",      "sunshine12",     "sunshine123",
    "superman",       "superman1",       "superman123",    "sweetheart",     "sweetie1",
    "temp1234",       "temporary",       "temppass",       "test1234",       "test12345",
    "test123456",     "test@123",        "tester123",      "testing1",       "testing123",
    "testpassword",   "testtest",        "testtest1",      "thepassword",    "thomas12",
    "thomas123",      "thunder1",        "toor1234",       "topsecret",      "trustno1",
    "trustnoone",     "ubuntu123",       "user1234",       "user12345",      "username",
    "username1",      "userpassword",    "usher123",       "ushersecret",    "veronica",
    "victoria",       "victoria1",       "videokonferenz", "warcraft",       "welcome!",
    "welcome1",       "welcome1!",       "welcome12",      "welcome123",     "welcome1234",
    "welcome2",       "welcome2020",     "welcome2021",    "welcome2022",    "welcome2023",
    "welcome2024",    "welcome2025",     "welcome2026",    "welcome@1",      "welcome@123",
    "whatever",       "whatever1",       "whatsapp",       "willkommen",     "willkommen1",
    "willkommen123",  "windows1",        "windows10",      "windows11",      "winter2020",
    "winter2021",     "winter2022",      "winter2023",     "winter2024",     "winter2025",
    "winter2026",     "worldofwarcraft", "yamaha123",      "yourpassword",   "youtube1",
    "yxcvbnm1",       "z1x2c3v4",        "zaq12wsx",       "zaq1zaq1",       "zxcvasdf",
    "zxcvbnm1",       "zxcvbnm123",
};

// What people begin with, beside the beginnings of those above. Letters alone.
constexpr absl::string_view kBeginnings[] = {
    "abc",      "abcd",      "adam",      "adidas",      "alex",        "alice",     "amanda",
    "amelie",   "andrea",    "andreas",   "angel",       "anna",        "anton",     "apfel",
    "apple",    "april",     "asdf",      "august",      "auto",        "banane",    "basti",
    "bayern",   "bear",      "berlin",    "biene",       "bierfest",    "birgit",    "blume",
    "boss",     "brigitte",  "bruno",     "buero",       "butter",      "camera",    "charlie",
    "chef",     "chelsea",   "chocolate", "chris",       "claudia",     "coffee",    "computer",
    "cookie",   "daniel",    "david",     "december",    "deutschland", "dezember",  "diana",
    "dragon",   "emily",     "emma",      "england",     "februar",     "february",  "felix",
    "ferrari",  "firma",     "fischer",   "flower",      "france",      "frankfurt", "freedom",
    "friend",   "fuck",      "fussball",  "garten",      "geheim",      "germany",   "ginger",
    "google",   "guest",     "hallo",     "hamburg",     "hannah",      "hannover",  "hello",
    "herbst",   "hund",      "hunter",    "iloveyou",    "internet",    "jakob",     "januar",
    "january",  "jasmin",    "jessica",   "john",        "julia",       "juli",      "july",
    "june",     "juni",      "kaffee",    "kaiser",      "karin",       "karlsruhe", "katze",
    "kevin",    "klaus",     "koeln",     "laptop",      "laura",       "legend",    "leon",
    "letmein",  "liebe",     "linda",     "lisa",        "login",       "london",    "love",
    "lucky",    "lukas",     "maerz",     "mai",         "manager",     "manuela",   "march",
    "maria",    "marie",     "markus",    "martin",      "master",      "matrix",    "max",
    "mein",     "meeting",   "mercedes",  "michael",     "monika",      "monkey",    "montag",
    "monday",   "mueller",   "muenchen",  "munich",      "mustang",     "nadine",    "nicole",
    "november", "october",   "office",    "oktober",     "oliver",      "orange",    "pass",
    "passwd",   "passwort",  "password",  "paul",        "peter",       "phoenix",   "pokemon",
    "porsche",  "power",     "prinz",     "private",     "qaywsx",      "qwer",      "qwert",
    "qwerty",   "qwertz",    "rainbow",   "robert",      "root",        "sabine",    "samsung",
    "sandra",   "schalke",   "schatz",    "schule",      "school",      "schmidt",   "secret",
    "security", "september", "service",   "shadow",      "silver",      "sommer",    "sonne",
    "sophie",   "spring",    "start",     "stefan",      "sunshine",    "super",     "support",
    "susanne",  "system",    "temp",      "test",        "thomas",      "tiger",     "tobias",
    "training", "user",      "video",     "weihnachten", "welcome",     "werner",    "willkommen",
    "winter",   "wolfgang",  "zuhause"};

// And what they put behind it to satisfy a rule.
constexpr absl::string_view kEndings[] = {
    "",     "0",    "1",    "2",    "3",    "4",     "5",    "7",    "00",    "01",    "07",
    "10",   "11",   "12",   "13",   "21",   "22",    "23",   "69",   "77",    "88",    "99",
    "007",  "100",  "111",  "123",  "321",  "666",   "777",  "1234", "4321",  "12345", "123456",
    "1!",   "!",    "!!",   "12!",  "123!", "1234!", "?",    ".",    "*",     "#1",    "@1",
    "@123", "_1",   "-1",   "2015", "2016", "2017",  "2018", "2019", "2020",  "2021",  "2022",
    "2023", "2024", "2025", "2026", "2027", "2028",  "2029", "2030", "2024!", "2025!", "2026!"};

constexpr size_t kShortest = 8;
constexpr std::streamoff kLargestList = 64 << 20;  // bytes

using Passwords = absl::flat_hash_set<std::string>;

// "winter" of "winter2024": digits and signs at the end are what endings are.
absl::string_view BeginningOf(absl::string_view password) {
  while (!password.empty() && !absl::ascii_isalpha(static_cast<unsigned char>(password.back()))) {
    password.remove_suffix(1);
  }
  return password;
}

Passwords BuiltIn() {
  Passwords all(std::begin(kCommon), std::end(kCommon));
  std::set<absl::string_view> beginnings(std::begin(kBeginnings), std::end(kBeginnings));
  for (const absl::string_view password : kCommon) {
    if (const auto beginning = BeginningOf(password); beginning.size() > 2) {
      beginnings.insert(beginning);
    }
  }
  for (const absl::string_view beginning : beginnings) {
    for (const absl::string_view ending : kEndings) {
      if (beginning.size() + ending.size() >= kShortest) {
        all.insert(absl::StrCat(beginning, ending));
      }
    }
  }
  return all;
}

// Made when a password is chosen for the first time: signing in needs none of it.
Passwords& Kept() {
  static auto* const passwords = new Passwords(BuiltIn());
  return *passwords;
}

}  // namespace

bool IsCommonPassword(const Secret& folded) { return Kept().contains(folded.Reveal()); }

size_t CountCommonPasswords() { return Kept().size(); }

absl::Status AddCommonPasswords(const std::string& path) {
  std::ifstream stream(path, std::ios::binary | std::ios::ate);
  if (!stream) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  if (stream.tellg() > kLargestList) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is larger than 64 MiB"));
  }
  stream.seekg(0);
  Passwords& kept = Kept();
  for (std::string line; std::getline(stream, line);) {
    const absl::string_view password = absl::StripAsciiWhitespace(line);
    if (password.size() < kShortest) continue;
    kept.emplace(FoldedForm(Secret(password)).Reveal());
  }
  // A folder can be opened, and not read.
  if (stream.bad()) return absl::InvalidArgumentError(absl::StrCat(path, " cannot be read"));
  return absl::OkStatus();
}

}  // namespace usher::auth
