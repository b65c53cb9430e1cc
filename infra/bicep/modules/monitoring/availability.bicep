metadata name = 'Availability'
metadata description = 'Tests from outside whether an address answers.'

import { tagSet } from '../../types.bicep'

@description('Required. What names begin with.')
#disable-next-line no-unused-params
param prefix string

@description('Required. Region.')
#disable-next-line no-unused-params
param location string

@description('Required. Tags of every resource.')
#disable-next-line no-unused-params
param tags tagSet

@description('Required. The Application Insights component that keeps the results.')
#disable-next-line no-unused-params
param componentId string

@description('Required. Addresses that must answer 200; none where nothing is public.')
#disable-next-line no-unused-params
param urls string[]

@description('Required. Action group that hears of an outage.')
#disable-next-line no-unused-params
param criticalActionId string
