<?php

return ['url' => env('REPARTEE_URL')];
