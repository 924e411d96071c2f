// What stands in one of the five databases and lacks what has to be with it in another one.
#pragma once

#include <string>
#include <vector>

#include "tests/support/house.h"

namespace usher {

// One line for each trace of something half done; empty when all is well. To be asked when nothing
// is under way any more: a saga that is, is one as well, but for IDs of companies that rest. It
// takes for granted that whoever signs in with a password whose name is an e-mail address was made
// by the user service, and that companies but those of the house have nobody whom auth alone knows.
std::vector<std::string> OrphansIn(House& house);

// How many sagas are under way, but for IDs of companies that rest.
int SagasUnderWay(House& house);

// How many sagas there are at all: where IDs rest for a short time only, it comes to none.
int SagasLeft(House& house);

}  // namespace usher
