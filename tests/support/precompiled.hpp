/// What every test of cases and runtime includes, compiled once.
#pragma once

#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>
