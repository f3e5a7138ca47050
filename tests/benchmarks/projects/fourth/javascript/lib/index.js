'use strict';

module.exports = {
  ...require('./constants'),
  ...require('./entity'),
  ...require('./room'),
  ...require('./actors'),
  World: require('./world').World,
  text: require('./text'),
};
